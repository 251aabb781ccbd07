import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * A shop that takes orders into its own SQLite database and tells the ERP of them through its outbox.
 *
 * <p>The order and the message are written in one transaction: there is never one without the other. No broker is needed
 * for that; outbox-relay publishes the row, now or when the broker is back.
 *
 * <pre>
 * outbox-relay schema | sqlite3 shop.db
 * stevedore contracts example order.placed.v1 >order.json
 * java -cp 'lib/*' OrderOutbox.java shop.db placed order.json
 * </pre>
 *
 * In lib/: org.xerial:sqlite-jdbc, org.slf4j:slf4j-api and com.fasterxml.jackson.core:jackson-databind with what they need.
 */
public final class OrderOutbox {
    private static final List<String> EVENTS = List.of("placed", "amended", "cancelled");
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        if (arguments.length < 3 || !EVENTS.contains(arguments[1])) {
            System.err.println("usage: OrderOutbox DATABASE " + String.join("|", EVENTS) + " ORDER.json ...");
            return 64;
        }
        try (Connection shop = openShop(arguments[0])) {
            for (String file : Arrays.copyOfRange(arguments, 2, arguments.length)) {
                ObjectNode document = (ObjectNode) JSON.readTree(Path.of(file).toFile());
                ObjectNode order = document.has("data") ? (ObjectNode) document.get("data") : document;
                take(shop, arguments[1], order);
                System.out.printf(
                        "%s revision %d is %s%n",
                        order.get("number").asText(), order.get("revision").asLong(), arguments[1]);
            }
            return 0;
        } catch (SQLException | IOException | RuntimeException error) {
            System.err.println("OrderOutbox: " + error.getMessage());
            return 1;
        }
    }

    private static Connection openShop(String path) throws SQLException {
        // busy_timeout: the relay writes a few rows now and then; this waits for it, as for any other writer of the shop.
        // transaction_mode=IMMEDIATE takes the lock for writing at once: later it may be too late to wait for it.
        // journal_mode=WAL: the relay never stops a page of the shop from being read.
        Connection shop = DriverManager.getConnection(
                "jdbc:sqlite:" + path + "?busy_timeout=10000&journal_mode=WAL&transaction_mode=IMMEDIATE");
        try (Statement statement = shop.createStatement()) {
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS shop_order (
                        number TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL)
                    """);
        }
        return shop;
    }

    /** Writes the order as it now stands, and the message that says so; both or neither. */
    private static void take(Connection shop, String event, ObjectNode order) throws SQLException, IOException {
        shop.setAutoCommit(false);
        try {
            String number = order.get("number").asText();
            // Each change of an order is a new revision, counted where the order is kept.
            long revision = revisionOf(shop, number) + 1;
            String document = JSON.writeValueAsString(order.put("revision", revision));
            try (PreparedStatement statement = shop.prepareStatement("""
                    INSERT INTO shop_order (number, revision, state, document) VALUES (?, ?, ?, ?)
                    ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, state = excluded.state,
                        document = excluded.document
                    """)) {
                statement.setString(1, number);
                statement.setLong(2, revision);
                statement.setString(3, event);
                statement.setString(4, document);
                statement.executeUpdate();
            }
            // This is all that Stevedore asks of a shop. The message's id and its time are filled in by the table.
            try (PreparedStatement statement = shop.prepareStatement(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES (?, ?, ?, ?)")) {
                statement.setString(1, "order." + event + ".v1");
                statement.setString(2, number);
                statement.setLong(3, revision);
                statement.setString(4, document);
                statement.executeUpdate();
            }
            shop.commit();
        } catch (SQLException | IOException | RuntimeException error) {
            shop.rollback();
            throw error;
        } finally {
            shop.setAutoCommit(true);
        }
    }

    private static long revisionOf(Connection shop, String number) throws SQLException {
        try (PreparedStatement statement = shop.prepareStatement("SELECT revision FROM shop_order WHERE number = ?")) {
            statement.setString(1, number);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }
}
