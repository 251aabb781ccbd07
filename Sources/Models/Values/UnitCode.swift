/// A unit of measure by its UN/ECE Recommendation 20 code, for example `C62` (one) or `MTR` (metre); packages carry their
/// Recommendation 21 code behind an `X`, for example `XBX` (box).
public struct UnitCode: Hashable, Sendable, CustomStringConvertible {
    let packed: UInt32

    /// The unit of the code, in capitals, when the list has it.
    public init?(_ code: some StringProtocol) {
        guard let packed = Self.table.find(code) else { return nil }
        self.packed = packed
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard let packed = Self.table.find(bytes) else { return nil }
        self.packed = packed
    }

    private init(unchecked code: String) {
        packed = CodeTable.pack(code.utf8)
    }

    /// The code.
    public var code: String { CodeTable.text(packed) }

    /// The code.
    public var description: String { code }

    /// One, counted without a unit.
    public static let one = UnitCode(unchecked: "C62")

    /// Every known code, sorted.
    public static var knownCodes: [String] { table.codes }

    /// The part of the recommendation in which goods are traded: counts, packages, lengths, areas, volumes, masses, times,
    /// energies and quantities of data. Laboratory and engineering units (pressures, viscosities …) are left out.
    private static let table = CodeTable(
        """
        C62 H87 EA PR SET DZN GRO GGR DPC DZP DPR TPR NMP MIL CEN NIU NPT NAR NCL E48 LS 2N AS KT RM QR BB CG
        D63 P1 P2 1I 10 11 13 14 15 20 21 22 23 24 25 27 28 33 34 35 37 38 40 41 MTR CMT MMT DMT KMT 4H C45
        INH FOT YRD SMI NMI HMT A45 LM LR M7 77 AK FF MTK CMK MMK DMK KMK INK FTK YDK MIK DAA ACR MTQ CMQ MMQ
        DMQ LTR MLT CLT DLT HLT 4G INQ FTQ YDQ GLL GLI PTI PTL PTD QTI QTL OZA OZI BLL BUA BUI FBM K62 G21 G24
        G25 G26 STL DMA A44 KL MAL G52 WSD KGM GRM MGM MC HGM DG CGM DJ TNE KTN LTN STN LBR ONZ APZ GRN CWA
        CWI STI CTM DWT DT 2U A12 E4 58 GM MBF SEC MIN HUR DAY WEE MON QAN ANN SAN DEC C26 B98 C47 HM DD LH
        KWH WHR MWH GWH KJO JOU GJ 3B BTU KWT WTT MAW AMP VLT D16 B17 KVA KVR AMH OHM CEL FAH KEL AD 2P E34
        E35 E36 4L A99 E37 E38 D68 E39 LUM LUX CDL X1A X1B X1D X1F X1G X1W X2C X3A X3H X43 X44 X4A X4B X4C X4D
        X4F X4G X4H X5H X5L X5M X6H X6P X7A X7B X8A X8B X8C XAA XAB XAC XAD XAE XAF XAG XAH XAI XAJ XAL XAM
        XAP XAT XAV XB4 XBA XBB XBC XBD XBE XBF XBG XBH XBI XBJ XBK XBL XBM XBN XBO XBP XBQ XBR XBS XBT XBU
        XBV XBW XBX XBY XBZ XCA XCB XCC XCD XCE XCF XCG XCH XCI XCJ XCK XCL XCM XCN XCO XCP XCQ XCR XCS XCT
        XCU XCV XCW XCX XCY XCZ XDA XDB XDC XDG XDH XDI XDJ XDK XDL XDM XDN XDP XDR XDS XDT XDU XDV XDW XDX
        XDY XEC XED XEE XEF XEG XEH XEI XEN XFB XFC XFD XFE XFI XFL XFO XFP XFR XFT XFW XFX XGB XGI XGL XGR
        XGU XGY XGZ XHA XHB XHC XHG XHN XHR XIA XIB XIC XID XIE XIF XIG XIH XIK XIL XIN XIZ XJB XJC XJG XJR
        XJT XJY XKG XKI XLE XLG XLT XLU XLV XLZ XMA XMB XMC XME XMR XMS XMT XMW XMX XNA XNE XNF XNG XNS XNT
        XNU XNV XOA XOB XOC XOD XOE XOF XOK XOT XOU XP2 XPA XPB XPC XPD XPE XPF XPG XPH XPI XPJ XPK XPL XPN
        XPO XPP XPR XPT XPU XPV XPX XPY XPZ XQA XQB XQC XQD XQF XQG XQH XQJ XQK XQL XQM XQN XQP XQQ XQR XQS
        XRD XRG XRJ XRK XRL XRO XRT XRZ XSA XSB XSC XSD XSE XSH XSI XSK XSL XSM XSO XSP XSS XST XSU XSV XSW
        XSY XSZ XT1 XTB XTC XTD XTE XTG XTI XTK XTL XTN XTO XTR XTS XTT XTU XTV XTW XTY XTZ XUC XUN XVA XVG
        XVI XVK XVL XVN XVO XVP XVQ XVR XVS XVY XWA XWB XWC XWD XWF XWG XWH XWJ XWK XWL XWM XWN XWP XWQ XWR
        XWS XWT XWU XWV XWW XWX XWY XWZ XXA XXB XXC XXD XXF XXG XXH XXJ XXK XYA XYB XYC XYD XYF XYG XYH XYJ
        XYK XYL XYM XYN XYP XYQ XYR XYS XYT XYV XYW XYX XYY XYZ XZA XZB XZC XZD XZF XZG XZH XZJ XZK XZL XZM
        XZN XZP XZQ XZR XZS XZT XZU XZV XZW XZX XZY XZZ
        """)
}
