public import Storefront

extension Failure {
    /// The store cannot be shown something yet.
    public init(_ error: StorefrontError) {
        self.init(
            code: error.code, category: .transient, sentence: error.sentence, remedy: error.remedy)
        isAwaiting = true
    }
}
