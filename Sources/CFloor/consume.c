/*
 * Consumes N messages of a queue and acknowledges every 100th for all before it: what a worker cannot beat by far.
 *
 *   consume --url amqp://… --queue Q --count N [--prefetch 1000] [--batch 100]
 *
 * Prints one line of JSON: count, wall and CPU seconds from the first message to the answer to the close.
 */
#include "floor.h"

int main(int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        puts("usage: consume --url amqp://user:password@host:port/vhost --queue Q --count N [--prefetch 1000] [--batch 100]");
        return argc < 2 ? EXIT_USAGE : 0;
    }
    const char *queue = option(argc, argv, "--queue", NULL);
    long count = number(argc, argv, "--count", NULL);
    long batch = number(argc, argv, "--batch", "100");
    long prefetch = number(argc, argv, "--prefetch", "1000");
    if (batch > prefetch) quit(EXIT_USAGE, "%s: --batch is at most --prefetch", argv[0]);
    amqp_connection_state_t connection = connect_to(argc, argv);
    subscribe(connection, queue, prefetch);

    double wall = 0, cpu = cpu_seconds();
    for (long done = 0; done < count;) {
        amqp_envelope_t envelope;
        amqp_maybe_release_buffers(connection);
        check_reply(amqp_consume_message(connection, &envelope, NULL, 0), "delivery");
        if (done++ == 0) wall = wall_seconds();
        if (done % batch == 0 || done == count)
            check_status(amqp_basic_ack(connection, CHANNEL, envelope.delivery_tag, 1), "ack");
        amqp_destroy_envelope(&envelope);
    }
    disconnect(connection);
    report("consume", count, wall_seconds() - wall, cpu_seconds() - cpu);
    return 0;
}
