/*
 * What the three programs share: arguments, a connection, clocks. Plain C on librabbitmq as its own examples use it;
 * any fault ends the program with a sentence.
 *
 * The programs are the floor that scripts/bench holds the fleet against. They are no product of the package: scripts/bench
 * compiles them, for example `cc -O2 -o consume consume.c -lrabbitmq`.
 */
#ifndef STEVEDORE_FLOOR_H
#define STEVEDORE_FLOOR_H

#include <errno.h>
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { CHANNEL = 1, EXIT_USAGE = 64, EXIT_UNAVAILABLE = 69 };

__attribute__((noreturn, format(printf, 2, 3))) static void quit(int code, const char *sentence, ...)
{
    va_list rest;
    va_start(rest, sentence);
    vfprintf(stderr, sentence, rest);
    va_end(rest);
    fputc('\n', stderr);
    exit(code);
}

/* The value that follows `name` on the command line, or the default. */
static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    if (!otherwise) quit(EXIT_USAGE, "%s: %s is missing", argv[0], name);
    return otherwise;
}

static inline long number(int argc, char **argv, const char *name, const char *otherwise)
{
    char *end;
    long value = strtol(option(argc, argv, name, otherwise), &end, 10);
    if (*end || value < 1) quit(EXIT_USAGE, "%s: %s takes a number from 1", argv[0], name);
    return value;
}

/* Ends the program unless the last call went well. */
static void check_reply(amqp_rpc_reply_t reply, const char *what)
{
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
        quit(EXIT_UNAVAILABLE, "%s: %s", what, amqp_error_string2(reply.library_error));
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
        amqp_channel_close_t *close = reply.reply.decoded;
        quit(EXIT_UNAVAILABLE, "%s: %d %.*s", what, close->reply_code, (int)close->reply_text.len,
             (char *)close->reply_text.bytes);
    }
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
        amqp_connection_close_t *close = reply.reply.decoded;
        quit(EXIT_UNAVAILABLE, "%s: %d %.*s", what, close->reply_code, (int)close->reply_text.len,
             (char *)close->reply_text.bytes);
    }
    quit(EXIT_UNAVAILABLE, "%s: refused", what);
}

static void check_status(int status, const char *what)
{
    if (status < 0) quit(EXIT_UNAVAILABLE, "%s: %s", what, amqp_error_string2(status));
}

/* A connection with one open channel, from `--url amqp://user:password@host:port/vhost`. */
static inline amqp_connection_state_t connect_to(int argc, char **argv)
{
    char *text = strdup(option(argc, argv, "--url", NULL));
    struct amqp_connection_info url;
    amqp_default_connection_info(&url);
    if (!text || amqp_parse_url(text, &url) != AMQP_STATUS_OK || url.ssl)
        quit(EXIT_USAGE, "%s: --url is amqp://user:password@host:port/vhost", argv[0]);
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    check_status(amqp_socket_open(socket, url.host, url.port), "connect");
    check_reply(amqp_login(connection, url.vhost, 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, url.user, url.password), "login");
    amqp_channel_open(connection, CHANNEL);
    check_reply(amqp_get_rpc_reply(connection), "channel");
    free(text);
    return connection;
}

/* Closing waits for the broker's answer, so everything sent before it has arrived. */
static inline void disconnect(amqp_connection_state_t connection)
{
    check_reply(amqp_connection_close(connection, AMQP_REPLY_SUCCESS), "close");
    amqp_destroy_connection(connection);
}

static inline void subscribe(amqp_connection_state_t connection, const char *queue, long prefetch)
{
    amqp_basic_qos(connection, CHANNEL, 0, (uint16_t)prefetch, 0);
    check_reply(amqp_get_rpc_reply(connection), "qos");
    amqp_basic_consume(connection, CHANNEL, amqp_cstring_bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    check_reply(amqp_get_rpc_reply(connection), "consume");
}

static inline double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static inline void report(const char *name, long count, double wall, double cpu)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("{\"name\": \"%s\", \"count\": %ld, \"wall_seconds\": %.6f, \"cpu_seconds\": %.6f, "
           "\"per_second\": %.0f, \"max_rss_kb\": %ld}\n",
           name, count, wall, cpu, (double)count / wall, use.ru_maxrss);
}

static inline int wants_help(int argc, char **argv)
{
    return argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
}

#endif
