// The whole C boundary to librabbitmq: what Swift cannot import (variadics, cast macros, a union inside
// the frame, extern tables) as static inline functions. No logic lives here.
#ifndef CRABBITMQ_SHIM_H
#define CRABBITMQ_SHIM_H

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// The method numbers are macros with casts, which Swift does not import.
static const uint32_t crmq_basic_deliver = AMQP_BASIC_DELIVER_METHOD;
static const uint32_t crmq_basic_return = AMQP_BASIC_RETURN_METHOD;
static const uint32_t crmq_basic_ack = AMQP_BASIC_ACK_METHOD;
static const uint32_t crmq_basic_nack = AMQP_BASIC_NACK_METHOD;
static const uint32_t crmq_basic_cancel = AMQP_BASIC_CANCEL_METHOD;
static const uint32_t crmq_basic_get_ok = AMQP_BASIC_GET_OK_METHOD;
static const uint32_t crmq_channel_close = AMQP_CHANNEL_CLOSE_METHOD;
static const uint32_t crmq_connection_close = AMQP_CONNECTION_CLOSE_METHOD;
static const uint32_t crmq_connection_blocked = AMQP_CONNECTION_BLOCKED_METHOD;
static const uint32_t crmq_connection_unblocked = AMQP_CONNECTION_UNBLOCKED_METHOD;

enum { crmq_frame_method = 1, crmq_frame_header = 2, crmq_frame_body = 3 };

// A frame with its union taken apart. `bytes` (property bytes or a piece of a body) and `decoded` live in
// the connection's pool until its buffers are released.
typedef struct {
    int status;          // AMQP_STATUS_OK, AMQP_STATUS_TIMEOUT when nothing is there, or an error
    uint8_t kind;        // crmq_frame_*
    uint16_t channel;
    uint32_t method;     // when kind is a method
    const void *decoded; // the method's struct
    uint64_t body_size;  // when kind is a header
    const void *bytes;
    size_t count;
} crmq_frame;

// Reads one frame if one is there, without waiting; this is also where librabbitmq services heartbeats.
static inline void crmq_next_frame(amqp_connection_state_t state, crmq_frame *out) {
    struct timeval none = {0, 0};
    amqp_frame_t frame;
    out->status = amqp_simple_wait_frame_noblock(state, &frame, &none);
    if (out->status != AMQP_STATUS_OK) return;
    out->kind = frame.frame_type;
    out->channel = frame.channel;
    switch (frame.frame_type) {
        case AMQP_FRAME_METHOD:
            out->method = frame.payload.method.id;
            out->decoded = frame.payload.method.decoded;
            break;
        case AMQP_FRAME_HEADER:
            out->body_size = frame.payload.properties.body_size;
            out->bytes = frame.payload.properties.raw.bytes;
            out->count = frame.payload.properties.raw.len;
            break;
        case AMQP_FRAME_BODY:
            out->bytes = frame.payload.body_fragment.bytes;
            out->count = frame.payload.body_fragment.len;
            break;
        default:
            break;
    }
}

// For how long nothing has come over a TCP socket, in milliseconds; 0 where the system cannot say.
static inline uint32_t crmq_silence(int socket) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_last_data_recv : 0;
}

// amqp_login_with_properties is variadic.
static inline amqp_rpc_reply_t crmq_login_plain(
    amqp_connection_state_t state, const char *vhost, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
    return amqp_login_with_properties(
        state, vhost, 0, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

static inline amqp_rpc_reply_t crmq_login_external(
    amqp_connection_state_t state, const char *vhost, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *identity) {
    return amqp_login_with_properties(
        state, vhost, 0, frame_max, heartbeat, properties, AMQP_SASL_METHOD_EXTERNAL, identity);
}

// Properties are handed over in their wire form, so that only one encoder (ours) has to be right.
static inline int crmq_publish(
    amqp_connection_state_t state, uint16_t channel, amqp_bytes_t exchange, amqp_bytes_t routing_key,
    amqp_boolean_t mandatory, amqp_bytes_t properties, amqp_pool_t *pool, amqp_bytes_t body) {
    void *decoded = NULL;
    int status = amqp_decode_properties(AMQP_BASIC_CLASS, pool, properties, &decoded);
    if (status < 0) return status;
    status = amqp_basic_publish(
        state, channel, exchange, routing_key, mandatory, 0, (amqp_basic_properties_t *)decoded, body);
    recycle_amqp_pool(pool);
    return status;
}

static inline int crmq_decode_table(const void *bytes, size_t count, amqp_pool_t *pool, amqp_table_t *table) {
    amqp_bytes_t encoded = {count, (void *)bytes};
    size_t offset = 0;
    return amqp_decode_table(encoded, pool, table, &offset);
}

// Answers the length written, or a negative status.
static inline long crmq_encode_table(amqp_table_t *table, void *bytes, size_t count) {
    amqp_bytes_t encoded = {count, bytes};
    size_t offset = 0;
    int status = amqp_encode_table(encoded, table, &offset);
    return status < 0 ? (long)status : (long)offset;
}

// amqp_send_method takes the method's number as a macro and its struct untyped.
static inline int crmq_send_channel_close_ok(amqp_connection_state_t state, uint16_t channel) {
    amqp_channel_close_ok_t answer = {0};
    return amqp_send_method(state, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer);
}

static inline int crmq_send_connection_close_ok(amqp_connection_state_t state) {
    amqp_connection_close_ok_t answer = {0};
    return amqp_send_method(state, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer);
}

// OpenSSL's errors of this thread. librabbitmq is linked with it, but hands nothing of this on.
extern unsigned long ERR_peek_last_error(void);
extern void ERR_clear_error(void);

// Why OpenSSL failed last: 0 when TLS is not at fault (the peer hung up, for example), 1000 and more for an alert that
// the peer sent, else OpenSSL's own reason. The layout is OpenSSL 3's: the library (20 is TLS) above 23 bits of reason;
// a peer that hangs up without a word is an error of TLS, too, number 294.
static inline int crmq_tls_reason(void) {
    unsigned long error = ERR_peek_last_error();
    int reason = (int)(error & 0x7FFFFF);
    return error >> 23 == 20 && reason != 294 ? reason : 0;
}

static inline void crmq_forget_tls_errors(void) { ERR_clear_error(); }

// Makes the kernel give up on unacknowledged data; 0 turns it off.
static inline int crmq_set_user_timeout(int descriptor, unsigned int milliseconds) {
    return setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

// While on, the kernel sends full packets only; turning it off sends the rest at once.
static inline int crmq_set_cork(int descriptor, int is_on) {
    return setsockopt(descriptor, IPPROTO_TCP, TCP_CORK, &is_on, sizeof is_on);
}

// Linux has it, but Swift's Glibc module hides it. At most 15 characters.
extern int pthread_setname_np(pthread_t thread, const char *name);

static inline void crmq_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

#endif
