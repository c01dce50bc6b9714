import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The billing side of the contract in small: sends recharges, executes credit commands once each, and answers them.
 *
 * <pre>
 * java -cp "$KAFKA_HOME/libs/*" Billing.java recharge NUMBER FEN
 * java -cp "$KAFKA_HOME/libs/*" Billing.java settle            until Ctrl-C; --once: until no more come for 10 s
 * </pre>
 *
 * It needs Java 17, kafka-clients and Jackson, and goes by KAFKA_BOOTSTRAP_SERVERS and TOPICS_PREFIX.
 */
public final class Billing {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BROKERS = System.getenv().getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
    private static final String PREFIX = System.getenv().getOrDefault("TOPICS_PREFIX", "");

    /**
     * The answers to executed commands by source and id. In billing's database it is a table, written in the transaction
     * of the credit and kept as long as the campaign's topics; a map forgets it all at the end of the program.
     */
    private final Map<String, ObjectNode> executed = new HashMap<>();
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(
        // Java's producer is idempotent and has the right partitioner by itself.
        Map.of("bootstrap.servers", BROKERS, "acks", "all"), new StringSerializer(), new StringSerializer());

    public static void main(String[] arguments) throws Exception {
        var billing = new Billing();
        if (arguments.length == 3 && arguments[0].equals("recharge")) {
            var data = JSON.createObjectNode().put("amountFen", Long.parseLong(arguments[2])).put("channel", "app");
            var recharge = event("recharge.completed.v1", arguments[1], data);
            billing.publish("recharge-events", recharge);
            System.out.println(recharge.get("id").asText());
        } else if (arguments.length > 0 && arguments[0].equals("settle")) {
            billing.settle(arguments.length > 1 && arguments[1].equals("--once"));
        } else {
            System.err.println("Billing.java recharge NUMBER FEN | settle [--once]");
            System.exit(64);
        }
        billing.producer.close();
    }

    /** A CloudEvent. Its id and time stay the same however often it is published. */
    private static ObjectNode event(String type, String subject, ObjectNode data) {
        return JSON.createObjectNode().put("specversion", "1.0").put("id", UUID.randomUUID().toString())
            .put("source", "/billing").put("type", type)
            .put("time", Instant.now().toString()).put("subject", subject).set("data", data);
    }

    /** Publishes to the subject's partition and waits for the brokers' word. */
    private void publish(String topic, ObjectNode message) throws Exception {
        producer.send(new ProducerRecord<>(PREFIX + topic, message.get("subject").asText(), message.toString())).get();
    }

    private void settle(boolean isOnce) throws Exception {
        // read_committed: what an aborted transaction wrote was never commanded.
        Map<String, Object> properties = Map.of(
            "bootstrap.servers", BROKERS, "group.id", "billing-java", "isolation.level", "read_committed",
            "auto.offset.reset", "earliest", "enable.auto.commit", "false");
        try (var commands = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            commands.subscribe(List.of(PREFIX + "bonus-credits"));
            while (true) {
                var records = commands.poll(Duration.ofSeconds(10));
                if (records.isEmpty() && isOnce) return;
                for (ConsumerRecord<String, String> record : records) {
                    var command = JSON.readTree(record.value());
                    var type = command.get("type").asText();
                    // Pass over what may come one day.
                    if (!type.equals("credit.grant.v1") && !type.equals("credit.reverse.v1")) continue;
                    var receipt = answer(command);
                    publish("credit-receipts", receipt);
                    var answer = receipt.get("data");
                    System.out.println(command.get("id").asText() + " " + answer.get("outcome").asText() + " "
                        + answer.get("creditedFen").asLong());
                }
                // After the answers: a crash before this repeats the commands, and so the answers.
                commands.commitSync();
            }
        }
    }

    /** Executes a command, unless it was executed before, and returns its receipt. */
    private ObjectNode answer(JsonNode command) {
        var source = command.get("source").asText();
        var id = command.get("id").asText();
        var known = executed.get(source + " " + id);
        if (known != null) return known; // a copy gets the first answer again
        var data = command.get("data");
        var answer = JSON.createObjectNode().put("commandId", id);
        var receipt = event("credit.settled.v1", command.get("subject").asText(), answer);
        var reverses = data.get("reverses");
        if (reverses != null && !executed.containsKey(source + " " + reverses.asText())) {
            answer.put("outcome", "rejected").put("creditedFen", 0).put("reason", "NO_GRANT");
            return receipt; // a refusal does not use the id up
        }
        // Here the money moves: totalFen to the subscriber, or back for a reverse.
        answer.put("outcome", "credited").put("creditedFen", data.get("totalFen").asLong());
        executed.put(source + " " + id, receipt);
        return receipt;
    }
}
