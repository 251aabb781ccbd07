internal import ArgumentParser
internal import Fleet
internal import FoundationEssentials
internal import Models

/// `stevedore contracts export`.
struct ContractsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes everything derived from the contracts: schemas, AsyncAPI, examples.",
        discussion: """
            Examples:
              stevedore contracts export contracts/
              stevedore contracts export Sources/Models/Derived      the checked-in files, after a change
            """)

    @Argument(help: "The directory; made when it is not there. Files of the same name are replaced.")
    var directory: String

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let files = Catalogue.derivedFiles
            for file in files { try write(file.contents, to: directory + "/" + file.path) }
            Terminal.say("Wrote \(Count.text(files.count, "file")) to \(directory).")
        }
    }

    private func write(_ contents: String, to path: String) throws(ProgramError) {
        do {
            let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(contents.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ProgramError(
                code: "contracts.unwritable", sentence: "\(path) cannot be written.",
                remedy: "Choose a directory that you may write to.", exit: .failure)
        }
    }
}
