/// The answer to "may I work on this revision of this subject?": the one rule that replaces a table of seen message ids.
public enum Claim: Hashable, Sendable {
    /// Yes. The fence proves it later; 0 when the revision has already been applied in the same step.
    case claimed(fence: Int64)
    /// The same content has been applied.
    case duplicate(appliedAt: Int64)
    /// A newer revision has been applied.
    case superseded(appliedRevision: Int64)
    /// The same revision has been applied with other content: a fault of the producer.
    case conflict(appliedHash: ContentDigest?)
    /// Another worker is at it, at most until then.
    case busy(until: Int64)
}

/// Which revision of which object a claim is about.
public struct ClaimKey: Hashable, Sendable {
    /// The family of message types, for example `order`.
    public var family: String
    /// The business key.
    public var subject: String
    /// The object's revision, from 1.
    public var revision: Int64
    /// The digest of the content at that revision.
    public var hash: ContentDigest

    /// Which revision of which object a claim is about.
    public init(family: String, subject: String, revision: Int64, hash: ContentDigest) {
        self.family = family
        self.subject = subject
        self.revision = revision
        self.hash = hash
    }
}

extension LedgerTransaction {
    /// Claims a revision of a subject for `holder`, which names one running worker, never two.
    ///
    /// With a lease the subject is closed to other holders until it is completed, released or the lease is over; a claim that
    /// nobody ended leaves the subject uncertain, see ``SubjectState/isUncertain``. Without,
    /// only the rule is checked and the fence moved, for work that is completed in the same transaction.
    public func claim(
        _ key: ClaimKey, holder: String, lease: Duration?, now: Int64
    ) throws(LedgerError) -> Claim {
        if let known = try standing(of: key, holder: holder, now: now) { return known }
        let until = lease.map { Lease.end($0, from: now) }
        let fence = try connection.first(
            """
            INSERT INTO subject_state (family, subject, fence, lease_holder, lease_until) VALUES (?, ?, 1, ?, ?)
            ON CONFLICT (family, subject) DO UPDATE SET
                fence = fence + 1, lease_holder = excluded.lease_holder, lease_until = excluded.lease_until,
                uncertain = CASE WHEN lease_holder IS NULL THEN uncertain ELSE 1 END
            RETURNING fence
            """,
            { bind in
                bind.text(key.family)
                bind.text(key.subject)
                bind.text(until == nil ? nil : holder)
                bind.integer(until)
            },
            row: { $0.integer(0) })
        return .claimed(fence: fence ?? 0)
    }

    /// Records that a claimed revision has been applied, and ends the claim.
    ///
    /// A nil `state` or `reference` keeps the one that is known.
    /// - Throws: `fenced` when the claim was taken over in the meantime; roll back whatever else was written.
    public func complete(
        _ key: ClaimKey, fence: Int64, state: String?, reference: String?, now: Int64
    ) throws(LedgerError) {
        let changed = try connection.run(
            """
            UPDATE subject_state SET revision = ?, hash = ?, state = coalesce(?, state),
                reference = coalesce(?, reference), applied_at = ?, fence = fence + 1, lease_holder = NULL,
                lease_until = NULL, uncertain = 0
            WHERE family = ? AND subject = ? AND fence = ? AND revision < ?
            """
        ) { bind in
            bind.integer(key.revision)
            bind.digest(key.hash)
            bind.text(state)
            bind.text(reference)
            bind.integer(now)
            bind.text(key.family)
            bind.text(key.subject)
            bind.integer(fence)
            bind.integer(key.revision)
        }
        guard changed == 1 else { throw .fenced(family: key.family, subject: key.subject) }
    }

    /// Claims and completes in one step: the path of projections, one statement when the revision is new.
    public func claimAndComplete(
        _ key: ClaimKey, holder: String, state: String? = nil, reference: String? = nil, now: Int64
    ) throws(LedgerError) -> Claim {
        let changed = try connection.run(
            """
            INSERT INTO subject_state (family, subject, revision, hash, state, reference, applied_at, fence)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 2)
            ON CONFLICT (family, subject) DO UPDATE SET
                revision = ?3, hash = ?4, state = coalesce(?5, state), reference = coalesce(?6, reference),
                applied_at = ?7, fence = fence + 2, lease_holder = NULL, lease_until = NULL
            WHERE revision < ?3 AND (lease_until IS NULL OR lease_until NOT BETWEEN ?7 + 1 AND ?9 OR lease_holder = ?8)
            """
        ) { bind in
            bind.text(key.family)
            bind.text(key.subject)
            bind.integer(key.revision)
            bind.digest(key.hash)
            bind.text(state)
            bind.text(reference)
            bind.integer(now)
            bind.text(holder)
            bind.integer(now.adding(.microseconds(Lease.longest)))
        }
        if changed == 1 { return .claimed(fence: 0) }
        return try standing(of: key, holder: holder, now: now) ?? .busy(until: now)
    }

    /// Gives a claim back with nothing applied; does nothing when it has already been taken over.
    ///
    /// `isUncertain` when a call was made that nobody knows the outcome of: the subject says so until a revision is applied.
    public func release(
        family: String, subject: String, fence: Int64, isUncertain: Bool = false
    ) throws(LedgerError) {
        _ = try connection.run(
            """
            UPDATE subject_state SET fence = fence + 1, lease_holder = NULL, lease_until = NULL,
                uncertain = max(uncertain, ?)
            WHERE family = ? AND subject = ? AND fence = ?
            """
        ) { bind in
            bind.integer(isUncertain ? 1 : 0)
            bind.text(family)
            bind.text(subject)
            bind.integer(fence)
        }
    }

    /// Keeps a claim for `lease` longer than now.
    /// - Throws: `fenced` when it was taken over in the meantime.
    public func extend(
        family: String, subject: String, fence: Int64, lease: Duration, now: Int64
    ) throws(LedgerError) {
        let changed = try connection.run(
            """
            UPDATE subject_state SET lease_until = ?
            WHERE family = ? AND subject = ? AND fence = ? AND lease_holder IS NOT NULL
            """
        ) { bind in
            bind.integer(Lease.end(lease, from: now))
            bind.text(family)
            bind.text(subject)
            bind.integer(fence)
        }
        guard changed == 1 else { throw .fenced(family: family, subject: subject) }
    }

    /// Why a claim is refused; nil when it is not.
    private func standing(of key: ClaimKey, holder: String, now: Int64) throws(LedgerError) -> Claim? {
        guard let known = try subjectState(family: key.family, subject: key.subject) else { return nil }
        if key.revision < known.revision { return .superseded(appliedRevision: known.revision) }
        if key.revision == known.revision {
            // Of a revision below a reopened one nobody knows the content any more, and nobody wants it.
            guard let hash = known.hash else { return .superseded(appliedRevision: known.revision) }
            guard hash == key.hash else { return .conflict(appliedHash: hash) }
            return .duplicate(appliedAt: known.appliedAt ?? 0)
        }
        guard let until = known.leaseUntil, Lease.isHeld(until: until, now: now), known.leaseHolder != holder else {
            return nil
        }
        return .busy(until: until)
    }
}

extension Int64 {
    /// A time in microseconds, moved by a duration; never overflows.
    func adding(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return .max }
        let (sum, over) = addingReportingOverflow(whole &+ attoseconds / 1_000_000_000_000)
        return over ? .max : sum
    }
}
