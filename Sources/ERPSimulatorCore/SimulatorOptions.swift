public import Models

/// How a simulator is set up.
public struct SimulatorOptions: Sendable {
    /// The address to listen on.
    public var host: String
    /// 0 takes any free port.
    public var port: Int
    /// The port of a second listener that stays open when the ERP is down; 0 takes any free port.
    public var controlPort: Int
    /// The file of the books; nil keeps them in memory.
    public var database: String?
    /// When set, requests need it as a bearer token.
    public var apiKey: String?
    /// Accounts, products and price lists.
    public var masterData: MasterData
    /// The day that new books count their dates from; today without.
    public var today: CalendarDate?
    /// Whether orders use stock up. Without, the same order always gets the same answer, so that a run with faults can be
    /// compared with one without; stock still says what is reserved and gone.
    public var isStockFinite: Bool
    /// Switched on from the start.
    public var faults: [FaultRule]

    /// A flawless ERP on any free port, with its books in memory.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        controlPort: Int = 0,
        database: String? = nil,
        apiKey: String? = nil,
        masterData: MasterData = MasterData(),
        today: CalendarDate? = nil,
        isStockFinite: Bool = false,
        faults: [FaultRule] = []
    ) {
        self.host = host
        self.port = port
        self.controlPort = controlPort
        self.database = database
        self.apiKey = apiKey
        self.masterData = masterData
        self.today = today
        self.isStockFinite = isStockFinite
        self.faults = faults
    }
}
