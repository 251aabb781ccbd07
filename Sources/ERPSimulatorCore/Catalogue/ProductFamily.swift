/// What the products of a family have in common.
struct ProductFamily: Sendable {
    let prefix: String
    let group: String
    let names: [String]
    /// German, for the store's second language.
    let germanNames: [String]
    let firstCents: Int64
    let stepCents: Int64
    /// Grams of the lightest.
    let grams: Int64
    let taxClass: String

    static let all: [ProductFamily] = [
        ProductFamily(
            prefix: "FST", group: "fasteners",
            names: ["Hex bolt", "Socket screw", "Flat washer", "Hex nut", "Wood screw", "Threaded rod"],
            germanNames: [
                "Sechskantschraube", "Zylinderschraube", "Scheibe", "Sechskantmutter", "Holzschraube", "Gewindestange",
            ],
            firstCents: 400, stepCents: 35, grams: 12, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "PWR", group: "power-tools",
            names: ["Cordless drill", "Angle grinder", "Circular saw", "Impact driver", "Orbital sander", "Jigsaw"],
            germanNames: [
                "Akkubohrer", "Winkelschleifer", "Kreissäge", "Schlagschrauber", "Exzenterschleifer", "Stichsäge",
            ],
            firstCents: 8_900, stepCents: 1_250, grams: 1_400, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "SAF", group: "safety",
            names: ["Safety goggles", "Hard hat", "Ear defenders", "Hi-vis vest", "Respirator", "Face shield"],
            germanNames: [
                "Schutzbrille", "Schutzhelm", "Gehörschutz", "Warnweste", "Atemschutzmaske", "Gesichtsschutz",
            ],
            firstCents: 900, stepCents: 115, grams: 80, taxClass: "REDUCED"),
        ProductFamily(
            prefix: "ELC", group: "electrical",
            names: ["Circuit breaker", "Terminal block", "Cable gland", "Contactor", "Relay", "LED panel"],
            germanNames: [
                "Leitungsschutzschalter", "Reihenklemme", "Kabelverschraubung", "Schütz", "Relais", "LED-Panel",
            ],
            firstCents: 600, stepCents: 240, grams: 60, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "PLB", group: "plumbing",
            names: ["Ball valve", "Compression elbow", "Pipe clamp", "Check valve", "Hose barb", "Pressure gauge"],
            germanNames: [
                "Kugelhahn", "Winkelverschraubung", "Rohrschelle", "Rückschlagventil", "Schlauchtülle", "Manometer",
            ],
            firstCents: 700, stepCents: 185, grams: 150, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "HND", group: "hand-tools",
            names: ["Claw hammer", "Combination pliers", "Torque wrench", "Spirit level", "Tape measure", "Hacksaw"],
            germanNames: ["Klauenhammer", "Kombizange", "Drehmomentschlüssel", "Wasserwaage", "Maßband", "Bügelsäge"],
            firstCents: 1_200, stepCents: 305, grams: 350, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "JAN", group: "janitorial",
            names: ["Floor cleaner", "Degreaser", "Paper towels", "Mop head", "Hand soap", "Waste bags"],
            germanNames: ["Bodenreiniger", "Entfetter", "Papierhandtücher", "Wischbezug", "Handseife", "Müllbeutel"],
            firstCents: 500, stepCents: 90, grams: 500, taxClass: "STANDARD"),
        ProductFamily(
            prefix: "PKG", group: "packaging",
            names: ["Carton", "Stretch film", "Packing tape", "Bubble wrap", "Pallet strap", "Mailing bag"],
            germanNames: ["Karton", "Stretchfolie", "Packband", "Luftpolsterfolie", "Umreifungsband", "Versandbeutel"],
            firstCents: 300, stepCents: 60, grams: 200, taxClass: "STANDARD"),
    ]
}
