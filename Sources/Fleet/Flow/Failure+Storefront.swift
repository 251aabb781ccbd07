public import Storefront

extension Failure {
    /// The store cannot be shown something: what may pass is tried again, the rest is for a person.
    public init(_ error: StorefrontError) {
        self.init(
            code: error.code, category: error.mayPass ? .transient : .rejected, sentence: error.sentence,
            remedy: error.remedy)
    }
}
