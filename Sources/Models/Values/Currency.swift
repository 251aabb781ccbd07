/// A currency of ISO 4217 in which money can be owed: metals, drawing rights and testing codes are not among them.
public struct Currency: Hashable, Sendable, CustomStringConvertible {
    let packed: UInt32
    /// How many decimals an amount can have: 2 for USD, 0 for JPY, 3 for BHD.
    public let minorUnits: Int

    /// The currency of the alpha-3 code, in capitals, when the list has it.
    public init?(_ code: some StringProtocol) {
        var code = String(code)
        guard let value = code.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = value
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        for (minorUnits, table) in Self.tables {
            guard let packed = table.find(bytes) else { continue }
            self.packed = packed
            self.minorUnits = minorUnits
            return
        }
        return nil
    }

    /// The alpha-3 code.
    public var code: String { CodeTable.text(packed) }

    /// The alpha-3 code.
    public var description: String { code }

    /// The US dollar.
    public static let usd = Currency(unchecked: "USD", minorUnits: 2)

    private init(unchecked code: String, minorUnits: Int) {
        packed = CodeTable.pack(code.utf8)
        self.minorUnits = minorUnits
    }

    /// Every known code, sorted.
    public static var knownCodes: [String] { tables.flatMap(\.codes.codes).sorted() }

    /// The codes with that many decimals, sorted.
    static func codes(minorUnits: Int) -> [String] {
        tables.filter { $0.minorUnits == minorUnits }.flatMap(\.codes.codes)
    }

    /// ISO 4217:2015 with its amendments up to 2025, without what they withdrew before that year; most common first, because
    /// that is the order they are searched in.
    private static let tables: [(minorUnits: Int, codes: CodeTable)] = [
        (
            2,
            CodeTable(
                """
                AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
                CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
                GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
                MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR
                RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
                TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
                """)
        ),
        (
            0,
            CodeTable("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
        ),
        (3, CodeTable("BHD IQD JOD KWD LYD OMR TND")),
        (4, CodeTable("CLF UYW")),
    ]
}
