import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Publishes orders straight to the broker, each persistent, mandatory and confirmed.
 *
 * <pre>
 * stevedore contracts example order.placed.v1 >order.json
 * AMQP_URL=amqp://guest:guest@127.0.0.1:7672/ java -cp 'lib/*' PublishOrder.java placed order.json
 * </pre>
 *
 * In lib/: com.rabbitmq:amqp-client, org.slf4j:slf4j-api and com.fasterxml.jackson.core:jackson-databind with what they need.
 *
 * <p>Accepted is what the broker has confirmed, and nothing else. A shop that can end between writing an order down and
 * having it confirmed needs a table from which it publishes again: that is the outbox (OrderOutbox.java).
 */
public final class PublishOrder {
    private static final String EXCHANGE = "commerce";
    private static final List<String> EVENTS = List.of("placed", "amended", "cancelled");
    private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Trying again does not help before a person has mended something. */
    private static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws Exception {
        if (arguments.length < 2 || !EVENTS.contains(arguments[0])) {
            System.err.println("usage: PublishOrder " + String.join("|", EVENTS) + " ORDER.json ...");
            return 64;
        }
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/"));
        // The client's own recovery would not publish again what was not confirmed.
        factory.setAutomaticRecoveryEnabled(false);
        Broker broker = new Broker(factory);
        try {
            for (String file : Arrays.copyOfRange(arguments, 1, arguments.length)) {
                ObjectNode document = (ObjectNode) JSON.readTree(Path.of(file).toFile());
                ObjectNode order = document.has("data") ? (ObjectNode) document.get("data") : document;
                ObjectNode event = makeEvent(order, "order." + arguments[0] + ".v1");
                broker.publish(event);
                System.out.printf(
                        "%s revision %d is accepted as %s%n", event.get("subject").asText(),
                        event.get("revision").asLong(), event.get("id").asText());
            }
            return 0;
        } catch (Refused error) {
            System.err.println("PublishOrder: " + error.getMessage());
            return 1;
        } catch (IOException | TimeoutException | ShutdownSignalException error) {
            System.err.println("PublishOrder: not accepted: " + error.getMessage());
            return 69;
        } finally {
            broker.close();
        }
    }

    /** The CloudEvents envelope around the order. Made once: whoever publishes it again does so under the same id. */
    private static ObjectNode makeEvent(ObjectNode order, String type) {
        ObjectNode event = JSON.createObjectNode();
        event.put("specversion", "1.0");
        event.put("id", UUID.randomUUID().toString());
        event.put("source", System.getenv().getOrDefault("SOURCE", "store:web"));
        event.put("type", type);
        event.put("subject", order.get("number").asText());
        event.put("revision", order.get("revision").asLong());
        event.put("datacontenttype", "application/json");
        event.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        event.set("data", order);
        return event;
    }

    private static final class Broker {
        private final ConnectionFactory factory;
        private Connection connection;
        private Channel channel;
        /** Ids of messages that came back because no queue wants them. */
        private final Set<String> returned = ConcurrentHashMap.newKeySet();

        Broker(ConnectionFactory factory) {
            this.factory = factory;
        }

        /** Returns when the broker has the message on disk. */
        void publish(ObjectNode event) throws Refused, IOException, TimeoutException, InterruptedException {
            Instant deadline = Instant.now().plus(PATIENCE);
            for (long pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
                try {
                    if (publishOnce(event)) {
                        return;
                    }
                } catch (IOException | TimeoutException | ShutdownSignalException error) {
                    refuseIfFinal(error);
                    if (Instant.now().plusMillis(pause).isAfter(deadline)) {
                        throw error;
                    }
                }
                if (Instant.now().plusMillis(pause).isAfter(deadline)) {
                    throw new IOException("the broker says no; is the queue full?");
                }
                // Whether it arrived is not known: the same message again, under the same id, over another connection.
                close();
                Thread.sleep(pause);
            }
        }

        /** Whether the broker has confirmed it; false when it said no. */
        private boolean publishOnce(ObjectNode event)
                throws Refused, IOException, TimeoutException, InterruptedException {
            open();
            String id = event.get("id").asText();
            String type = event.get("type").asText();
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .contentType("application/cloudevents+json")
                    .deliveryMode(2)
                    .messageId(id)
                    .type(type)
                    .appId(event.get("source").asText())
                    .timestamp(new Date())
                    .headers(Map.of(
                            "cloudEvents_subject", event.get("subject").asText(),
                            "cloudEvents_revision", event.get("revision").asLong()))
                    .build();
            // Mandatory: without a queue that wants it the message comes back, instead of being dropped.
            channel.basicPublish(EXCHANGE, type, true, properties, JSON.writeValueAsBytes(event));
            boolean isConfirmed = channel.waitForConfirms(CONFIRM_TIMEOUT.toMillis());
            // What comes back does so before it is confirmed.
            if (returned.remove(id)) {
                throw new Refused("no queue wants " + type + ": run `stevedore topology apply`");
            }
            return isConfirmed;
        }

        private void open() throws IOException, TimeoutException {
            if (channel != null && channel.isOpen()) {
                return;
            }
            close();
            connection = factory.newConnection("order-producer");
            channel = connection.createChannel();
            channel.addReturnListener(message -> returned.add(message.getProperties().getMessageId()));
            channel.confirmSelect();
        }

        /** No permission, no such exchange, too large: the broker closes the channel, and would do so again. */
        private static void refuseIfFinal(Exception error) throws Refused {
            Throwable cause = error instanceof ShutdownSignalException ? error : error.getCause();
            if (cause instanceof ShutdownSignalException shutdown
                    && shutdown.getReason() instanceof AMQP.Channel.Close close
                    && List.of(AMQP.ACCESS_REFUSED, AMQP.NOT_FOUND, AMQP.PRECONDITION_FAILED)
                            .contains(close.getReplyCode())) {
                throw new Refused("the broker refuses it: " + close.getReplyText());
            }
        }

        void close() {
            Connection old = connection;
            connection = null;
            channel = null;
            if (old == null) {
                return;
            }
            try {
                old.close();
            } catch (IOException | AlreadyClosedException error) {
                // It was lost already.
            }
        }
    }
}
