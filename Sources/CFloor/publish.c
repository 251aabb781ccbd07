/*
 * Publishes N persistent, mandatory messages and has each confirmed, with at most W unconfirmed at a time.
 *
 *   publish --url amqp://… --routing-key K --count N [--exchange ""] [--size 1024] [--window 1000]
 *
 * Properties are those of the fleet's messages. A returned or refused message ends the program.
 * Prints one line of JSON: count, wall and CPU seconds from the first publish to the last confirm.
 */
#include "floor.h"

/* Confirms come in any order, each for one tag or for all up to it; only how many are open matters here. */
static struct {
    unsigned char *open; /* by tag - 1 */
    uint64_t lowest;     /* everything below is confirmed */
    long outstanding;
} confirms;

static void confirm_one(uint64_t tag)
{
    if (!confirms.open[tag - 1]) return;
    confirms.open[tag - 1] = 0;
    confirms.outstanding--;
}

static void confirm(uint64_t tag, int multiple)
{
    if (!multiple) {
        confirm_one(tag);
        return;
    }
    for (; confirms.lowest <= tag; confirms.lowest++) confirm_one(confirms.lowest);
}

/* Takes one frame from the broker; 0 when none came in time. */
static int take_frame(amqp_connection_state_t connection, struct timeval *wait)
{
    amqp_frame_t frame;
    int status = amqp_simple_wait_frame_noblock(connection, &frame, wait);
    if (status == AMQP_STATUS_TIMEOUT) return 0;
    check_status(status, "confirm");
    if (frame.frame_type != AMQP_FRAME_METHOD) return 1;
    if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
        amqp_basic_ack_t *ack = frame.payload.method.decoded;
        confirm(ack->delivery_tag, ack->multiple);
    } else {
        quit(1, "publish: the broker answered 0x%08X instead of a confirm", frame.payload.method.id);
    }
    return 1;
}

int main(int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        puts("usage: publish --url amqp://user:password@host:port/vhost --routing-key K --count N [--exchange E] [--size 1024]\n"
             "               [--window 1000]");
        return argc < 2 ? EXIT_USAGE : 0;
    }
    amqp_bytes_t exchange = amqp_cstring_bytes(option(argc, argv, "--exchange", ""));
    amqp_bytes_t key = amqp_cstring_bytes(option(argc, argv, "--routing-key", NULL));
    long count = number(argc, argv, "--count", NULL), window = number(argc, argv, "--window", "1000");
    amqp_bytes_t body = amqp_bytes_malloc((size_t)number(argc, argv, "--size", "1024"));
    confirms.open = calloc((size_t)count, 1);
    confirms.lowest = 1;
    if (!body.bytes || !confirms.open) quit(1, "publish: out of memory");
    memset(body.bytes, 'x', body.len);
    amqp_connection_state_t connection = connect_to(argc, argv);
    amqp_confirm_select(connection, CHANNEL);
    check_reply(amqp_get_rpc_reply(connection), "confirm.select");

    struct timeval at_once = {0, 0}, limit = {60, 0};
    double wall = wall_seconds(), cpu = cpu_seconds();
    for (long sent = 0; sent < count; sent++) {
        char id[48];
        snprintf(id, sizeof id, "00000000-0000-7000-8000-%012lx", sent);
        amqp_basic_properties_t properties = {
            ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG |
                      AMQP_BASIC_TYPE_FLAG,
            .content_type = amqp_cstring_bytes("application/cloudevents+json"),
            .delivery_mode = AMQP_DELIVERY_PERSISTENT,
            .message_id = amqp_cstring_bytes(id),
            .type = amqp_cstring_bytes("order.placed.v1"),
        };
        confirms.open[sent] = 1;
        confirms.outstanding++;
        check_status(amqp_basic_publish(connection, CHANNEL, exchange, key, 1, 0, &properties, body), "publish");
        /* A full window waits; otherwise what has come is taken every now and then, as each look costs a system call. */
        if (confirms.outstanding >= window) {
            if (!take_frame(connection, &limit)) quit(EXIT_UNAVAILABLE, "publish: no confirm within a minute");
        } else if (sent % 64 == 63) {
            while (take_frame(connection, &at_once)) {}
            amqp_maybe_release_buffers(connection);
        }
    }
    while (confirms.outstanding > 0)
        if (!take_frame(connection, &limit)) quit(EXIT_UNAVAILABLE, "publish: no confirm within a minute");
    wall = wall_seconds() - wall;
    cpu = cpu_seconds() - cpu;
    disconnect(connection);
    report("publish", count, wall, cpu);
    return 0;
}
