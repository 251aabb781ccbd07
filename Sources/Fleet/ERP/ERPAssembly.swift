public import ERP
internal import HTTPClient

/// The ERP's side of a program, put together from its settings.
public struct ERPAssembly: Sendable {
    private let configuration: RESTConfiguration

    /// Connects to nothing yet.
    /// - Throws: ``ProgramError`` when the ERP's address is none: it would show only when the first call is made.
    public init(_ settings: Configuration) throws(ProgramError) {
        configuration = RESTConfiguration(
            baseURL: settings.erpURL, apiKey: settings.erpToken, readTimeout: min(settings.erpTimeout, .seconds(10)),
            writeTimeout: settings.erpTimeout)
        guard let allowed = configuration.addressFault else { return }
        let fault = ConfigurationFault.wrongValue(
            key: "erp.rest.url", value: configuration.shownURL, origin: "configuration", allowed: allowed)
        throw ProgramError(
            code: "configuration", sentence: fault.description,
            remedy: "`stevedore config check` shows every setting and where it comes from.", exit: .configuration)
    }

    /// The ERP, over at most `connections` connections; a call more than that waits for one within its own time-out.
    public func erp(connections: Int) throws(ProgramError) -> any ERP {
        do throws(HTTPError) {
            return RESTAdapter(configuration, client: try HTTPClient(.init(maxConnectionsPerHost: connections)))
        } catch {
            throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
        }
    }
}
