/// A place in the data of a message that says something of a person.
public struct PersonalField: Hashable, Sendable {
    /// As a JSON pointer from the message's root, with `*` for every element of a list: `/data/contacts/*/email`.
    public let pointer: String
    /// What it says.
    public let kind: PersonalKind
    /// Whether the contract lets it be missing: then nothing takes its place.
    let isOptional: Bool
    /// Whether it is a list of texts, such as the lines of a street.
    let isList: Bool

    /// The JSON that takes its place.
    var replacement: String {
        if isOptional { return "null" }
        let mark = kind == .email ? PersonalMark.email : PersonalMark.text
        return isList ? "[\"\(mark)\"]" : "\"\(mark)\""
    }
}

/// Which texts of the contracts are a person's: declared once for each object, wherever that stands in a message.
///
/// Free texts and e-mail addresses have to be here, also those that are nobody's; keys, codes and numbers are no person's
/// unless they are named. `PersonalContractTests` fails on a free text that is missing.
enum PersonalDeclaration {
    /// Objects that describe one person, or where one lives: what stands in them beyond the contract is the person's, too.
    static let persons: Set<String> = ["Contact", "Address"]

    /// By the object's name among the schema's definitions and the field's.
    static let fields: [String: PersonalKind] = [
        "Contact.name": .name, "Contact.email": .email, "Contact.phone": .phone,
        "Address.company": .company, "Address.name": .name, "Address.street": .street, "Address.city": .city,
        "Address.postalCode": .postalCode,
        "Customer.name": .company, "Customer.taxId": .taxID,
    ]

    /// Free texts that are about goods and business, not about a person. Where one quotes a person all the same, the quoted
    /// words are found there. A region is what taxes are reckoned by, and too large to point to anybody.
    static let business: Set<String> = [
        "Address.region", "Alert.remedy", "Alert.sentence", "PaymentTerms.text",
        "Product.description", "Product.name", "ProductAttribute.value", "ProductText.description", "ProductText.name",
        "QuoteRefusal.text", "QuotedShipping.title", "Reason.text", "Shipment.service",
    ]

    /// Free texts that are no sentences: commands to be run as they stand, and who looks after something. No words in
    /// these are looked for.
    static let verbatim: Set<String> = ["Alert.commands", "Alert.owner"]
}
