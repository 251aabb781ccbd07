/// The release all programs of the fleet belong to.
public enum FleetVersion {
    /// Semantic version.
    public static let current = "0.1.0"
}
