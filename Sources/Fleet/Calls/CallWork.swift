internal import Models
internal import RabbitMQ

/// A held delivery and what is to be done with it.
enum CallWork: Sendable {
    case call(CallJob)
    case fault(Intake, ContractNames, Failure)
    /// It may be what crashes workers, perhaps already when it is read: read and handled while nothing else is.
    case suspect(Intake)

    /// Reads the body.
    init(reading intake: Intake, with reader: MessageReader) {
        do throws(ContractError) {
            self = .call(CallJob(intake, try reader.read(intake)))
        } catch {
            self = .fault(intake, ContractNames(error, properties: intake.properties), Failure(error))
        }
    }

    var intake: Intake {
        switch self {
        case .call(let job): job.intake
        case .fault(let intake, _, _), .suspect(let intake): intake
        }
    }

    var names: ContractNames {
        switch self {
        case .call(let job): job.names
        case .fault(_, let names, _): names
        case .suspect(let intake): ContractNames(announcedBy: intake)
        }
    }

    /// What must not be worked on twice at once. Whatever is no readable order gets a key that no order can have, so that
    /// it waits for nobody.
    var subject: String {
        if case .call(let job) = self { return job.message.envelope.subject }
        return "\u{0}\(intake.delivery.tag.epoch).\(intake.delivery.tag.value)"
    }

    /// The same work after a try that may have made its call. A suspect was delivered before, which says as much.
    var interrupted: CallWork {
        guard case .call(var job) = self else { return self }
        job.wasInterrupted = true
        return .call(job)
    }
}
