/// Every statement that `stevedore why` asks, but those of the journal (`JournalSQL`): a case for each, so that a test
/// can go through all of them and see that none reads a table from end to end. Parameters are numbered, `?1` first.
enum WhySQL: CaseIterable {
    case versions
    // What a name leads to.
    case families, told, letterTypes, outboxTypes, aliasKinds, aliases, gapStreams
    // Which warehouses anything is known of, for one product.
    case stockApplied, stockTold, stockLetters, stockOutbox
    case storeOrders, storeERPNumbers, storeProducts, storeBarcodes, storeStocks, storeAccounts, storeEmails
    case storeShipments, storeParcels
    // One message.
    case letterByID, payload
    // Causes of dead letters, and what their letters name.
    case causeAfter, causeFrom, causeSize, causeNamed, causeNewest, causeLatest, causeAlike
    // One subject.
    case letters, causeCount, cause, outbox, counter, toldRevision, pauses, position, observed
    case gap, parked, post, postPause
    case order, backordered, refused, history, shipmentsOf, parcels, product, stock, account, shipment
    // What a mistyped name may have meant.
    case subjectsAfter, subjectsBefore, aliasesAfter, aliasesBefore
}

extension WhySQL {
    var text: StaticString {
        switch self {
        case .versions: "SELECT component, max(version) FROM schema_version GROUP BY component"
        case .families:
            """
            SELECT family FROM subject_state WHERE family IN ('order', 'order@orders.taken', 'order.status',
                'order.offline', 'product', 'customer', 'shipment', 'contract-prices') AND subject = ?1
            """
        case .told:
            """
            SELECT family FROM told WHERE family IN ('order.status', 'order.offline', 'product', 'customer', 'shipment',
                'contract-prices') AND subject = ?1
            """
        case .letterTypes: "SELECT DISTINCT type FROM dead_letter WHERE subject = ?1 LIMIT 20"
        case .outboxTypes: "SELECT DISTINCT type FROM outbox WHERE subject = ?1 LIMIT 20"
        case .aliasKinds:
            """
            SELECT kind, family FROM alias WHERE value = ?1 AND (kind, family) > (?2, ?3) ORDER BY kind, family LIMIT 1
            """
        case .aliases:
            """
            SELECT subject FROM alias WHERE value = ?1 AND kind = ?2 AND family = ?3 ORDER BY subject DESC LIMIT ?4
            """
        case .gapStreams:
            """
            SELECT DISTINCT stream FROM feed_gap WHERE stream IN ('orders', 'products', 'prices', 'customers',
                'shipments') AND key = ?1
            """
        case .stockApplied, .stockTold, .stockLetters, .stockOutbox: stockSubjects
        case .storeOrders, .storeERPNumbers, .storeProducts, .storeBarcodes, .storeStocks, .storeAccounts, .storeEmails,
            .storeShipments, .storeParcels:
            storeNames
        case .letterByID:
            """
            SELECT id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
                first_failed_at, last_failed_at, state, note, edited_as FROM dead_letter WHERE id = ?1
            """
        case .payload: "SELECT stored_at, size FROM payload WHERE id = ?1"
        case .order, .backordered, .refused, .history, .shipmentsOf, .parcels, .product, .stock, .account, .shipment:
            storeRows
        case .subjectsAfter:
            "SELECT subject FROM subject_state WHERE family = ?1 AND subject >= ?2 ORDER BY subject LIMIT ?3"
        case .subjectsBefore:
            "SELECT subject FROM subject_state WHERE family = ?1 AND subject < ?2 ORDER BY subject DESC LIMIT ?3"
        case .aliasesAfter: "SELECT value, kind FROM alias WHERE value >= ?1 ORDER BY value LIMIT ?2"
        case .aliasesBefore: "SELECT value, kind FROM alias WHERE value < ?1 ORDER BY value DESC LIMIT ?2"
        case .causeAfter, .causeFrom, .causeSize, .causeNamed, .causeNewest, .causeLatest, .causeAlike: causes
        default: subject
        }
    }

    /// The subjects of a product's stock, one for each warehouse.
    private var stockSubjects: StaticString {
        switch self {
        case .stockApplied:
            """
            SELECT subject FROM subject_state WHERE family = 'stock' AND subject >= ?1 AND subject < ?2
            ORDER BY subject LIMIT 100
            """
        case .stockTold:
            """
            SELECT subject FROM told WHERE family = 'stock' AND subject >= ?1 AND subject < ?2
            ORDER BY subject LIMIT 100
            """
        case .stockLetters:
            """
            SELECT DISTINCT subject FROM dead_letter WHERE subject >= ?1 AND subject < ?2 AND type = 'stock.v1'
            ORDER BY subject LIMIT 100
            """
        default:
            """
            SELECT DISTINCT subject FROM outbox WHERE subject >= ?1 AND subject < ?2 AND type = 'stock.v1'
            ORDER BY subject LIMIT 100
            """
        }
    }

    /// What the ledger and the feed know of one subject.
    private var subject: StaticString {
        switch self {
        case .letters:
            """
            SELECT id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
                first_failed_at, last_failed_at, state, note, edited_as FROM dead_letter WHERE subject = ?1
            ORDER BY number DESC LIMIT ?2
            """
        case .causeCount:
            """
            SELECT count(*) FROM (SELECT 1 FROM dead_letter WHERE state = 'open' AND fingerprint = ?1 LIMIT 10000)
            """
        case .cause: "SELECT note, assignee, silenced_until FROM dead_letter_group WHERE fingerprint = ?1"
        case .outbox:
            "SELECT type, revision, enqueued_at, attempts FROM outbox WHERE subject = ?1 ORDER BY sequence LIMIT 20"
        case .counter: "SELECT value FROM revision_counter WHERE family = ?1 AND subject = ?2"
        case .toldRevision: "SELECT revision FROM told WHERE family = ?1 AND subject = ?2"
        case .pauses:
            """
            SELECT queue, holder, since, code, reason, remedy FROM flow_pause
            WHERE queue = ?1 AND seen BETWEEN ?2 AND ?3 ORDER BY since LIMIT 20
            """
        case .position: "SELECT taken_at, message_time FROM flow_position WHERE queue = ?1"
        case .observed: "SELECT at, revision FROM observed WHERE flow = ?1 AND subject = ?2"
        case .gap: "SELECT kind, reason, since, parts FROM feed_gap WHERE stream = ?1 AND key = ?2 LIMIT 5"
        case .parked:
            """
            SELECT p.id, p.stream, p.at, p.reason, m.type, m.subject, m.revision
            FROM feed_parked_message AS m CROSS JOIN feed_parked AS p ON p.id = m.batch
            WHERE m.subject = ?1 OR (m.subject >= ?2 AND m.subject < ?3) LIMIT 5
            """
        case .post:
            """
            SELECT revision, waiting_since, available_at, failing_since, last_failure FROM store_webhook_post
            WHERE family = ?1 AND subject = ?2
            """
        default:
            """
            SELECT since, until, reason FROM store_webhook_pause WHERE until IS NULL OR (until > ?1 AND since <= ?2)
            """
        }
    }
}
