/* crosswalk/abi v0: what every struct and constant of connector.h is, byte for byte.
 *
 * What     Compiling this file is the check. It fails when a field was inserted, moved, renamed, removed or given
 *          another type, when a function of a table takes or returns something else, and when a constant changed.
 * Change   Append to connector.h and to this file together. From version 1 on a line that is here never changes.
 * Units    bytes. Texts are checked for length here and letter for letter in tests/plugin-api.
 * Shape    CW_V0_SIZE(struct, size), CW_V0_FIELD(struct, field, offset, size), CW_V0_VALUE(constant, value), and
 *          per struct one function whose pointers take the address of each field, so that each type must match.
 */
#ifndef CROSSWALK_ABI_V0_LAYOUT_H
#define CROSSWALK_ABI_V0_LAYOUT_H
#include <crosswalk/connector.h>

/* C99 has no static assertion: an array of negative size is one. */
#define CW_V0_JOIN_(a, b) a##b
#define CW_V0_JOIN(a, b) CW_V0_JOIN_(a, b)
#define CW_V0_ASSERT(condition) typedef char CW_V0_JOIN(cw_v0_line_, __LINE__)[(condition) ? 1 : -1]
#define CW_V0_SIZE(type, bytes) CW_V0_ASSERT(sizeof(type) == (bytes))
#define CW_V0_FIELD(type, field, offset, bytes) \
  CW_V0_ASSERT(offsetof(type, field) == (offset) && sizeof(((type *)0)->field) == (bytes))
#define CW_V0_VALUE(constant, value) CW_V0_ASSERT((constant) == (value))
#define CW_V0_TEXT(constant, literal) CW_V0_ASSERT(sizeof(constant) == sizeof(literal))

CW_V0_SIZE(void *, 8);
CW_V0_SIZE(size_t, 8);
CW_V0_SIZE(cw_status, 4);

/* ---- constants --------------------------------------------------------- */
CW_V0_VALUE(CW_ABI_MAJOR, 0u);
CW_V0_VALUE(CW_ABI_MINOR, 4u);
CW_V0_VALUE(CW_OK, 0);
CW_V0_VALUE(CW_ERR_INTERNAL, (-1));
CW_V0_VALUE(CW_ERR_INVALID, (-2));
CW_V0_VALUE(CW_ERR_CONFIG, (-3));
CW_V0_VALUE(CW_ERR_AUTH, (-4));
CW_V0_VALUE(CW_ERR_TRANSIENT, (-5));
CW_V0_VALUE(CW_ERR_RATE_LIMITED, (-6));
CW_V0_VALUE(CW_ERR_NOT_FOUND, (-7));
CW_V0_VALUE(CW_ERR_UNSUPPORTED, (-8));
CW_V0_VALUE(CW_ERR_CANCELLED, (-9));
CW_V0_VALUE(CW_ERR_DEADLINE, (-10));
CW_V0_VALUE(CW_ERR_NO_MEMORY, (-11));
CW_V0_VALUE(CW_ERR_CURSOR, (-12));
CW_V0_VALUE(CW_ERR_DENIED, (-13));
CW_V0_VALUE(CW_ERR_TOO_LARGE, (-14));
CW_V0_VALUE(CW_ERR_CONFLICT, (-15));
CW_V0_VALUE(CW_HTTP_IDEMPOTENT, 1u);
CW_V0_VALUE(CW_HTTP_TO_FILE, 2u);
CW_V0_VALUE(CW_AUTH_NONE, 0);
CW_V0_VALUE(CW_AUTH_BEARER, 1);
CW_V0_VALUE(CW_AUTH_BASIC, 2);
CW_V0_VALUE(CW_AUTH_OAUTH, 3);
CW_V0_VALUE(CW_WEBHOOK_ACCEPT, 1);
CW_V0_VALUE(CW_WEBHOOK_IGNORE, 2);
CW_V0_VALUE(CW_WEBHOOK_TEST, 3);
CW_V0_VALUE(CW_NOTE_TARGET_KEY, 1);
CW_V0_VALUE(CW_NOTE_TARGET_URL, 2);
CW_V0_VALUE(CW_NOTE_REMOTE_REQ, 3);
CW_V0_VALUE(CW_NOTE_EVENT_TYPE, 4);
CW_V0_VALUE(CW_NOTE_DEDUPE_KEY, 5);
CW_V0_VALUE(CW_NOTE_REASON, 6);
CW_V0_VALUE(CW_NOTE_EFFECT, 7);
CW_V0_VALUE(CW_NOTE_UNLINKED, 8);
CW_V0_VALUE(CW_LOG_DEBUG, 1);
CW_V0_VALUE(CW_LOG_INFO, 2);
CW_V0_VALUE(CW_LOG_WARN, 3);
CW_V0_VALUE(CW_LOG_ERROR, 4);
CW_V0_TEXT(CW_EXT_CRYPTO, "cw.crypto/1");
CW_V0_VALUE(CW_HMAC_SHA256, 1);
CW_V0_VALUE(CW_CAP_WEBHOOK, (1u << 0));
CW_V0_VALUE(CW_CAP_POLL, (1u << 1));
CW_V0_VALUE(CW_CAP_MAP_IN, (1u << 2));
CW_V0_VALUE(CW_CAP_MAP_OUT, (1u << 3));
CW_V0_VALUE(CW_CAP_PUSH, (1u << 4));
CW_V0_VALUE(CW_CAP_PUSH_IDEM, (1u << 5));
CW_V0_VALUE(CW_CAP_PARALLEL, (1u << 6));
CW_V0_VALUE(CW_CAP_OAUTH, (1u << 7));
CW_V0_VALUE(CW_CAP_SUBSCRIBE, (1u << 8));
CW_V0_VALUE(CW_CAP_FIND, (1u << 9));
CW_V0_VALUE(CW_CAP_SWEEP, (1u << 10));
CW_V0_VALUE(CW_TRIGGER_WEBHOOK, 1u);
CW_V0_VALUE(CW_TRIGGER_POLL, 2u);
CW_V0_VALUE(CW_TRIGGER_SIGNAL, 4u);
CW_V0_VALUE(CW_TRIGGER_SWEEP, 8u);
CW_V0_VALUE(CW_POLL_FULL, 1u);
CW_V0_TEXT(CW_EXT_FILES, "cw.files/1");
CW_V0_VALUE(CW_FILE_READ_MAX, 1048576);
CW_V0_TEXT(CW_EXT_LINKS, "cw.links/1");
CW_V0_TEXT(CW_EXT_SECRETS, "cw.secrets/1");
CW_V0_TEXT(CW_EXT_OAUTH, "cw.oauth/1");
CW_V0_TEXT(CW_EXT_SUBSCRIPTIONS, "cw.subscriptions/1");
CW_V0_TEXT(CW_EXT_FIND, "cw.find/1");
CW_V0_TEXT(CW_EXT_SWEEP, "cw.sweep/1");
CW_V0_VALUE(CW_MAP_IN, 1);
CW_V0_VALUE(CW_MAP_OUT, 2);
CW_V0_VALUE(CW_PUSH_DELIVERED, 1);
CW_V0_VALUE(CW_PUSH_DUPLICATE, 2);
CW_V0_VALUE(CW_PUSH_UNCHANGED, 3);
CW_V0_VALUE(CW_PUSH_SKIPPED, 4);
CW_V0_VALUE(CW_PUSH_REJECTED, 5);
CW_V0_VALUE(CW_PUSH_RETRY, 6);
CW_V0_VALUE(CW_PUSH_UNKNOWN, 7);
CW_V0_TEXT(CW_EXT_PUSH_LOOKUP, "cw.push-lookup/1");
CW_V0_TEXT(CW_EXT_PROBE, "cw.probe/1");

/* ---- cw_str ------------------------------------------------------------ */
CW_V0_SIZE(cw_str, 16);
CW_V0_FIELD(cw_str, ptr, 0, 8);
CW_V0_FIELD(cw_str, len, 8, 8);
static inline void cw_v0_types_of_str(cw_str *at) {
  const char **f0 = &at->ptr;
  size_t *f1 = &at->len;
  (void)f0; (void)f1;
}

/* ---- cw_buf ------------------------------------------------------------ */
CW_V0_SIZE(cw_buf, 24);
CW_V0_FIELD(cw_buf, ptr, 0, 8);
CW_V0_FIELD(cw_buf, len, 8, 8);
CW_V0_FIELD(cw_buf, owner, 16, 8);
static inline void cw_v0_types_of_buf(cw_buf *at) {
  const char **f0 = &at->ptr;
  size_t *f1 = &at->len;
  void **f2 = &at->owner;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_pair ----------------------------------------------------------- */
CW_V0_SIZE(cw_pair, 32);
CW_V0_FIELD(cw_pair, name, 0, 16);
CW_V0_FIELD(cw_pair, value, 16, 16);
static inline void cw_v0_types_of_pair(cw_pair *at) {
  cw_str *f0 = &at->name;
  cw_str *f1 = &at->value;
  (void)f0; (void)f1;
}

/* ---- cw_record --------------------------------------------------------- */
CW_V0_SIZE(cw_record, 72);
CW_V0_FIELD(cw_record, struct_size, 0, 4);
CW_V0_FIELD(cw_record, flags, 4, 4);
CW_V0_FIELD(cw_record, schema, 8, 16);
CW_V0_FIELD(cw_record, key, 24, 16);
CW_V0_FIELD(cw_record, revision, 40, 16);
CW_V0_FIELD(cw_record, json, 56, 16);
static inline void cw_v0_types_of_record(cw_record *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->flags;
  cw_str *f2 = &at->schema;
  cw_str *f3 = &at->key;
  cw_str *f4 = &at->revision;
  cw_str *f5 = &at->json;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5;
}

/* ---- cw_event ---------------------------------------------------------- */
CW_V0_SIZE(cw_event, 88);
CW_V0_FIELD(cw_event, struct_size, 0, 4);
CW_V0_FIELD(cw_event, flags, 4, 4);
CW_V0_FIELD(cw_event, id, 8, 16);
CW_V0_FIELD(cw_event, type, 24, 16);
CW_V0_FIELD(cw_event, subject, 40, 16);
CW_V0_FIELD(cw_event, title, 56, 16);
CW_V0_FIELD(cw_event, occurred_unix_ms, 72, 8);
CW_V0_FIELD(cw_event, record, 80, 8);
static inline void cw_v0_types_of_event(cw_event *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->flags;
  cw_str *f2 = &at->id;
  cw_str *f3 = &at->type;
  cw_str *f4 = &at->subject;
  cw_str *f5 = &at->title;
  int64_t *f6 = &at->occurred_unix_ms;
  const cw_record **f7 = &at->record;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7;
}

/* ---- cw_http_request --------------------------------------------------- */
CW_V0_SIZE(cw_http_request, 144);
CW_V0_FIELD(cw_http_request, struct_size, 0, 4);
CW_V0_FIELD(cw_http_request, flags, 4, 4);
CW_V0_FIELD(cw_http_request, method, 8, 16);
CW_V0_FIELD(cw_http_request, url, 24, 16);
CW_V0_FIELD(cw_http_request, headers, 40, 8);
CW_V0_FIELD(cw_http_request, header_count, 48, 8);
CW_V0_FIELD(cw_http_request, body, 56, 16);
CW_V0_FIELD(cw_http_request, peer, 72, 16);
CW_V0_FIELD(cw_http_request, auth, 88, 4);
CW_V0_FIELD(cw_http_request, reserved0, 92, 4);
CW_V0_FIELD(cw_http_request, auth_secret, 96, 16);
CW_V0_FIELD(cw_http_request, body_file, 112, 16);
CW_V0_FIELD(cw_http_request, body_tail, 128, 16);
static inline void cw_v0_types_of_http_request(cw_http_request *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->flags;
  cw_str *f2 = &at->method;
  cw_str *f3 = &at->url;
  const cw_pair **f4 = &at->headers;
  size_t *f5 = &at->header_count;
  cw_str *f6 = &at->body;
  cw_str *f7 = &at->peer;
  int32_t *f8 = &at->auth;
  uint32_t *f9 = &at->reserved0;
  cw_str *f10 = &at->auth_secret;
  cw_str *f11 = &at->body_file;
  cw_str *f12 = &at->body_tail;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8; (void)f9; (void)f10;
  (void)f11; (void)f12;
}

/* ---- cw_http_response -------------------------------------------------- */
CW_V0_SIZE(cw_http_response, 80);
CW_V0_FIELD(cw_http_response, struct_size, 0, 4);
CW_V0_FIELD(cw_http_response, status, 4, 4);
CW_V0_FIELD(cw_http_response, headers, 8, 8);
CW_V0_FIELD(cw_http_response, header_count, 16, 8);
CW_V0_FIELD(cw_http_response, body, 24, 16);
CW_V0_FIELD(cw_http_response, retry_after_ms, 40, 8);
CW_V0_FIELD(cw_http_response, owner, 48, 8);
CW_V0_FIELD(cw_http_response, body_file, 56, 16);
CW_V0_FIELD(cw_http_response, body_file_size, 72, 8);
static inline void cw_v0_types_of_http_response(cw_http_response *at) {
  uint32_t *f0 = &at->struct_size;
  int32_t *f1 = &at->status;
  const cw_pair **f2 = &at->headers;
  size_t *f3 = &at->header_count;
  cw_str *f4 = &at->body;
  int64_t *f5 = &at->retry_after_ms;
  void **f6 = &at->owner;
  cw_str *f7 = &at->body_file;
  int64_t *f8 = &at->body_file_size;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8;
}

/* ---- cw_webhook_verdict ------------------------------------------------ */
CW_V0_SIZE(cw_webhook_verdict, 8);
CW_V0_FIELD(cw_webhook_verdict, struct_size, 0, 4);
CW_V0_FIELD(cw_webhook_verdict, disposition, 4, 4);
static inline void cw_v0_types_of_webhook_verdict(cw_webhook_verdict *at) {
  uint32_t *f0 = &at->struct_size;
  int32_t *f1 = &at->disposition;
  (void)f0; (void)f1;
}

/* ---- cw_host ----------------------------------------------------------- */
CW_V0_SIZE(cw_host, 208);
CW_V0_FIELD(cw_host, struct_size, 0, 4);
CW_V0_FIELD(cw_host, abi_minor, 4, 4);
CW_V0_FIELD(cw_host, impl, 8, 8);
CW_V0_FIELD(cw_host, host_name, 16, 8);
CW_V0_FIELD(cw_host, connection, 24, 8);
CW_V0_FIELD(cw_host, get_extension, 32, 8);
CW_V0_FIELD(cw_host, log_enabled, 40, 8);
CW_V0_FIELD(cw_host, log, 48, 8);
CW_V0_FIELD(cw_host, unix_ms, 56, 8);
CW_V0_FIELD(cw_host, steady_ms, 64, 8);
CW_V0_FIELD(cw_host, buf_release, 72, 8);
CW_V0_FIELD(cw_host, time_left_ms, 80, 8);
CW_V0_FIELD(cw_host, cancelled, 88, 8);
CW_V0_FIELD(cw_host, sleep_ms, 96, 8);
CW_V0_FIELD(cw_host, fail, 104, 8);
CW_V0_FIELD(cw_host, note, 112, 8);
CW_V0_FIELD(cw_host, warn, 120, 8);
CW_V0_FIELD(cw_host, config_get, 128, 8);
CW_V0_FIELD(cw_host, secret_get, 136, 8);
CW_V0_FIELD(cw_host, http_send, 144, 8);
CW_V0_FIELD(cw_host, http_release, 152, 8);
CW_V0_FIELD(cw_host, kv_get, 160, 8);
CW_V0_FIELD(cw_host, kv_put, 168, 8);
CW_V0_FIELD(cw_host, kv_delete, 176, 8);
CW_V0_FIELD(cw_host, emit_event, 184, 8);
CW_V0_FIELD(cw_host, emit_record, 192, 8);
CW_V0_FIELD(cw_host, set_cursor, 200, 8);
static inline void cw_v0_types_of_host(cw_host *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->abi_minor;
  void **f2 = &at->impl;
  const char **f3 = &at->host_name;
  const char **f4 = &at->connection;
  const void * (CW_CALL **f5)(const cw_host *, const char *id) = &at->get_extension;
  uint32_t (CW_CALL **f6)(const cw_host *, int32_t level) = &at->log_enabled;
  void (CW_CALL **f7)(const cw_host *, cw_call *, int32_t level, cw_str message, cw_str fields_json) = &at->log;
  int64_t (CW_CALL **f8)(const cw_host *) = &at->unix_ms;
  int64_t (CW_CALL **f9)(const cw_host *) = &at->steady_ms;
  void (CW_CALL **f10)(const cw_host *, cw_buf *) = &at->buf_release;
  int64_t (CW_CALL **f11)(const cw_host *, const cw_call *) = &at->time_left_ms;
  uint32_t (CW_CALL **f12)(const cw_host *, const cw_call *) = &at->cancelled;
  cw_status (CW_CALL **f13)(const cw_host *, cw_call *, int64_t ms) = &at->sleep_ms;
    cw_status (CW_CALL **f14)(const cw_host *, cw_call *, cw_status status, int64_t retry_after_ms, cw_str message,
      cw_str detail_json) = &at->fail;
  cw_status (CW_CALL **f15)(const cw_host *, cw_call *, int32_t what, cw_str) = &at->note;
  cw_status (CW_CALL **f16)(const cw_host *, cw_call *, cw_str field, cw_str message) = &at->warn;
  cw_status (CW_CALL **f17)(const cw_host *, cw_str json_pointer, cw_buf *out_json) = &at->config_get;
  cw_status (CW_CALL **f18)(const cw_host *, cw_call *, cw_str json_pointer, cw_buf *out) = &at->secret_get;
    cw_status (CW_CALL **f19)(const cw_host *, cw_call *, const cw_http_request *, const cw_http_response **out) =
      &at->http_send;
  void (CW_CALL **f20)(const cw_host *, const cw_http_response *) = &at->http_release;
  cw_status (CW_CALL **f21)(const cw_host *, cw_call *, cw_str key, cw_buf *out, uint64_t *out_version) = &at->kv_get;
    cw_status (CW_CALL **f22)(const cw_host *, cw_call *, cw_str key, cw_str value, const uint64_t *if_version) =
      &at->kv_put;
  cw_status (CW_CALL **f23)(const cw_host *, cw_call *, cw_str key, const uint64_t *if_version) = &at->kv_delete;
  cw_status (CW_CALL **f24)(const cw_host *, cw_call *, const cw_event *) = &at->emit_event;
  cw_status (CW_CALL **f25)(const cw_host *, cw_call *, const cw_record *) = &at->emit_record;
  cw_status (CW_CALL **f26)(const cw_host *, cw_call *, cw_str cursor) = &at->set_cursor;
    (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8; (void)f9; (void)f10;
  (void)f11; (void)f12; (void)f13; (void)f14; (void)f15; (void)f16; (void)f17; (void)f18; (void)f19; (void)f20;
  (void)f21; (void)f22; (void)f23; (void)f24; (void)f25; (void)f26;
}

/* ---- cw_crypto --------------------------------------------------------- */
CW_V0_SIZE(cw_crypto, 24);
CW_V0_FIELD(cw_crypto, struct_size, 0, 4);
CW_V0_FIELD(cw_crypto, reserved0, 4, 4);
CW_V0_FIELD(cw_crypto, hmac_verify, 8, 8);
CW_V0_FIELD(cw_crypto, sha256_hex, 16, 8);
static inline void cw_v0_types_of_crypto(cw_crypto *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
    cw_status (CW_CALL **f2)(const cw_host *, cw_call *, int32_t algorithm, cw_str secret_pointer, const cw_str
      *parts, size_t part_count, cw_str hex) = &at->hmac_verify;
  cw_status (CW_CALL **f3)(const cw_host *, cw_str data, char *out_64) = &at->sha256_hex;
  (void)f0; (void)f1; (void)f2; (void)f3;
}

/* ---- cw_files ----------------------------------------------------------- */
CW_V0_SIZE(cw_files, 32);
CW_V0_FIELD(cw_files, struct_size, 0, 4);
CW_V0_FIELD(cw_files, reserved0, 4, 4);
CW_V0_FIELD(cw_files, put, 8, 8);
CW_V0_FIELD(cw_files, size, 16, 8);
CW_V0_FIELD(cw_files, read, 24, 8);
static inline void cw_v0_types_of_files(cw_files *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(const cw_host *, cw_call *, cw_str bytes, cw_buf *out_id) = &at->put;
  cw_status (CW_CALL **f3)(const cw_host *, cw_call *, cw_str id, int64_t *out_size) = &at->size;
  cw_status (CW_CALL **f4)(const cw_host *, cw_call *, cw_str id, int64_t offset, int64_t length, cw_buf *out) =
      &at->read;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4;
}

/* ---- cw_links ----------------------------------------------------------- */
CW_V0_SIZE(cw_links, 32);
CW_V0_FIELD(cw_links, struct_size, 0, 4);
CW_V0_FIELD(cw_links, reserved0, 4, 4);
CW_V0_FIELD(cw_links, put, 8, 8);
CW_V0_FIELD(cw_links, find, 16, 8);
CW_V0_FIELD(cw_links, remove, 24, 8);
static inline void cw_v0_types_of_links(cw_links *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(const cw_host *, cw_call *, cw_str our_kind, cw_str our_id, cw_str their_ref_json) =
      &at->put;
  cw_status (CW_CALL **f3)(const cw_host *, cw_call *, cw_str ref_json, cw_buf *out_refs_json) = &at->find;
  cw_status (CW_CALL **f4)(const cw_host *, cw_call *, cw_str our_kind, cw_str our_id, cw_str their_ref_json) =
      &at->remove;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4;
}

/* ---- cw_secrets --------------------------------------------------------- */
CW_V0_SIZE(cw_secrets, 24);
CW_V0_FIELD(cw_secrets, struct_size, 0, 4);
CW_V0_FIELD(cw_secrets, reserved0, 4, 4);
CW_V0_FIELD(cw_secrets, put, 8, 8);
CW_V0_FIELD(cw_secrets, remove, 16, 8);
static inline void cw_v0_types_of_secrets(cw_secrets *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(const cw_host *, cw_call *, cw_str json_pointer, cw_str value) = &at->put;
  cw_status (CW_CALL **f3)(const cw_host *, cw_call *, cw_str json_pointer) = &at->remove;
  (void)f0; (void)f1; (void)f2; (void)f3;
}

/* ---- cw_poll_request ---------------------------------------------------- */
CW_V0_SIZE(cw_poll_request, 72);
CW_V0_FIELD(cw_poll_request, struct_size, 0, 4);
CW_V0_FIELD(cw_poll_request, flags, 4, 4);
CW_V0_FIELD(cw_poll_request, event, 8, 16);
CW_V0_FIELD(cw_poll_request, cursor, 24, 16);
CW_V0_FIELD(cw_poll_request, select_json, 40, 16);
CW_V0_FIELD(cw_poll_request, run, 56, 16);
static inline void cw_v0_types_of_poll_request(cw_poll_request *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->flags;
  cw_str *f2 = &at->event;
  cw_str *f3 = &at->cursor;
  cw_str *f4 = &at->select_json;
  cw_str *f5 = &at->run;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5;
}

/* ---- cw_oauth ----------------------------------------------------------- */
CW_V0_SIZE(cw_oauth, 16);
CW_V0_FIELD(cw_oauth, struct_size, 0, 4);
CW_V0_FIELD(cw_oauth, reserved0, 4, 4);
CW_V0_FIELD(cw_oauth, describe, 8, 8);
static inline void cw_v0_types_of_oauth(cw_oauth *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *) = &at->describe;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_subscriptions --------------------------------------------------- */
CW_V0_SIZE(cw_subscriptions, 24);
CW_V0_FIELD(cw_subscriptions, struct_size, 0, 4);
CW_V0_FIELD(cw_subscriptions, reserved0, 4, 4);
CW_V0_FIELD(cw_subscriptions, ensure, 8, 8);
CW_V0_FIELD(cw_subscriptions, remove, 16, 8);
static inline void cw_v0_types_of_subscriptions(cw_subscriptions *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *, cw_str url, cw_str events_json) = &at->ensure;
  cw_status (CW_CALL **f3)(cw_connector *, cw_call *) = &at->remove;
  (void)f0; (void)f1; (void)f2; (void)f3;
}

/* ---- cw_find ------------------------------------------------------------ */
CW_V0_SIZE(cw_find, 16);
CW_V0_FIELD(cw_find, struct_size, 0, 4);
CW_V0_FIELD(cw_find, reserved0, 4, 4);
CW_V0_FIELD(cw_find, find, 8, 8);
static inline void cw_v0_types_of_find(cw_find *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *, cw_str schema, cw_str query_json) = &at->find;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_trigger -------------------------------------------------------- */
CW_V0_SIZE(cw_trigger, 48);
CW_V0_FIELD(cw_trigger, struct_size, 0, 4);
CW_V0_FIELD(cw_trigger, flags, 4, 4);
CW_V0_FIELD(cw_trigger, event, 8, 8);
CW_V0_FIELD(cw_trigger, title, 16, 8);
CW_V0_FIELD(cw_trigger, schema, 24, 8);
CW_V0_FIELD(cw_trigger, canonical, 32, 8);
CW_V0_FIELD(cw_trigger, select_schema, 40, 8);
static inline void cw_v0_types_of_trigger(cw_trigger *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->flags;
  const char **f2 = &at->event;
  const char **f3 = &at->title;
  const char **f4 = &at->schema;
  const char **f5 = &at->canonical;
  const char **f6 = &at->select_schema;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6;
}

/* ---- cw_action --------------------------------------------------------- */
CW_V0_SIZE(cw_action, 40);
CW_V0_FIELD(cw_action, struct_size, 0, 4);
CW_V0_FIELD(cw_action, reserved0, 4, 4);
CW_V0_FIELD(cw_action, name, 8, 8);
CW_V0_FIELD(cw_action, title, 16, 8);
CW_V0_FIELD(cw_action, canonical, 24, 8);
CW_V0_FIELD(cw_action, schema, 32, 8);
static inline void cw_v0_types_of_action(cw_action *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  const char **f2 = &at->name;
  const char **f3 = &at->title;
  const char **f4 = &at->canonical;
  const char **f5 = &at->schema;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5;
}

/* ---- cw_descriptor ----------------------------------------------------- */
CW_V0_SIZE(cw_descriptor, 96);
CW_V0_FIELD(cw_descriptor, struct_size, 0, 4);
CW_V0_FIELD(cw_descriptor, caps, 4, 4);
CW_V0_FIELD(cw_descriptor, id, 8, 8);
CW_V0_FIELD(cw_descriptor, name, 16, 8);
CW_V0_FIELD(cw_descriptor, vendor, 24, 8);
CW_V0_FIELD(cw_descriptor, version, 32, 8);
CW_V0_FIELD(cw_descriptor, support, 40, 8);
CW_V0_FIELD(cw_descriptor, settings_schema, 48, 8);
CW_V0_FIELD(cw_descriptor, triggers, 56, 8);
CW_V0_FIELD(cw_descriptor, actions, 64, 8);
CW_V0_FIELD(cw_descriptor, secrets, 72, 8);
CW_V0_FIELD(cw_descriptor, egress, 80, 8);
CW_V0_FIELD(cw_descriptor, requests_per_second, 88, 4);
CW_V0_FIELD(cw_descriptor, requests_burst, 92, 4);
static inline void cw_v0_types_of_descriptor(cw_descriptor *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->caps;
  const char **f2 = &at->id;
  const char **f3 = &at->name;
  const char **f4 = &at->vendor;
  const char **f5 = &at->version;
  const char **f6 = &at->support;
  const char **f7 = &at->settings_schema;
  const cw_trigger *const **f8 = &at->triggers;
  const cw_action *const **f9 = &at->actions;
  const char *const **f10 = &at->secrets;
  const char *const **f11 = &at->egress;
  uint32_t *f12 = &at->requests_per_second;
  uint32_t *f13 = &at->requests_burst;
    (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8; (void)f9; (void)f10;
  (void)f11; (void)f12; (void)f13;
}

/* ---- cw_map_request ---------------------------------------------------- */
CW_V0_SIZE(cw_map_request, 32);
CW_V0_FIELD(cw_map_request, struct_size, 0, 4);
CW_V0_FIELD(cw_map_request, direction, 4, 4);
CW_V0_FIELD(cw_map_request, to_schema, 8, 16);
CW_V0_FIELD(cw_map_request, in, 24, 8);
static inline void cw_v0_types_of_map_request(cw_map_request *at) {
  uint32_t *f0 = &at->struct_size;
  int32_t *f1 = &at->direction;
  cw_str *f2 = &at->to_schema;
  const cw_record **f3 = &at->in;
  (void)f0; (void)f1; (void)f2; (void)f3;
}

/* ---- cw_push_request --------------------------------------------------- */
CW_V0_SIZE(cw_push_request, 48);
CW_V0_FIELD(cw_push_request, struct_size, 0, 4);
CW_V0_FIELD(cw_push_request, attempt, 4, 4);
CW_V0_FIELD(cw_push_request, action, 8, 16);
CW_V0_FIELD(cw_push_request, idempotency_key, 24, 16);
CW_V0_FIELD(cw_push_request, record, 40, 8);
static inline void cw_v0_types_of_push_request(cw_push_request *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->attempt;
  cw_str *f2 = &at->action;
  cw_str *f3 = &at->idempotency_key;
  const cw_record **f4 = &at->record;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4;
}

/* ---- cw_push_result ---------------------------------------------------- */
CW_V0_SIZE(cw_push_result, 16);
CW_V0_FIELD(cw_push_result, struct_size, 0, 4);
CW_V0_FIELD(cw_push_result, outcome, 4, 4);
CW_V0_FIELD(cw_push_result, retry_after_ms, 8, 8);
static inline void cw_v0_types_of_push_result(cw_push_result *at) {
  uint32_t *f0 = &at->struct_size;
  int32_t *f1 = &at->outcome;
  int64_t *f2 = &at->retry_after_ms;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_connector ------------------------------------------------------ */
CW_V0_SIZE(cw_connector, 112);
CW_V0_FIELD(cw_connector, struct_size, 0, 4);
CW_V0_FIELD(cw_connector, reserved0, 4, 4);
CW_V0_FIELD(cw_connector, desc, 8, 8);
CW_V0_FIELD(cw_connector, self, 16, 8);
CW_V0_FIELD(cw_connector, init, 24, 8);
CW_V0_FIELD(cw_connector, activate, 32, 8);
CW_V0_FIELD(cw_connector, deactivate, 40, 8);
CW_V0_FIELD(cw_connector, destroy, 48, 8);
CW_V0_FIELD(cw_connector, cancel, 56, 8);
CW_V0_FIELD(cw_connector, get_extension, 64, 8);
CW_V0_FIELD(cw_connector, webhook_verify, 72, 8);
CW_V0_FIELD(cw_connector, webhook_parse, 80, 8);
CW_V0_FIELD(cw_connector, poll, 88, 8);
CW_V0_FIELD(cw_connector, map, 96, 8);
CW_V0_FIELD(cw_connector, push, 104, 8);
static inline void cw_v0_types_of_connector(cw_connector *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  const cw_descriptor **f2 = &at->desc;
  void **f3 = &at->self;
  cw_status (CW_CALL **f4)(cw_connector *, cw_call *) = &at->init;
  cw_status (CW_CALL **f5)(cw_connector *, cw_call *) = &at->activate;
  void (CW_CALL **f6)(cw_connector *) = &at->deactivate;
  void (CW_CALL **f7)(cw_connector *) = &at->destroy;
  void (CW_CALL **f8)(cw_connector *, cw_call *) = &at->cancel;
  const void * (CW_CALL **f9)(cw_connector *, const char *id) = &at->get_extension;
    cw_status (CW_CALL **f10)(cw_connector *, cw_call *, const cw_http_request *, cw_webhook_verdict *) =
      &at->webhook_verify;
  cw_status (CW_CALL **f11)(cw_connector *, cw_call *, const cw_http_request *) = &at->webhook_parse;
  cw_status (CW_CALL **f12)(cw_connector *, cw_call *, const cw_poll_request *, uint32_t *out_more) = &at->poll;
  cw_status (CW_CALL **f13)(cw_connector *, cw_call *, const cw_map_request *) = &at->map;
  cw_status (CW_CALL **f14)(cw_connector *, cw_call *, const cw_push_request *, cw_push_result *) = &at->push;
    (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8; (void)f9; (void)f10;
  (void)f11; (void)f12; (void)f13; (void)f14;
}

/* ---- cw_push_lookup ---------------------------------------------------- */
CW_V0_SIZE(cw_push_lookup, 16);
CW_V0_FIELD(cw_push_lookup, struct_size, 0, 4);
CW_V0_FIELD(cw_push_lookup, reserved0, 4, 4);
CW_V0_FIELD(cw_push_lookup, look_up, 8, 8);
static inline void cw_v0_types_of_push_lookup(cw_push_lookup *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *, const cw_push_request *, cw_push_result *) = &at->look_up;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_probe ---------------------------------------------------------- */
CW_V0_SIZE(cw_probe, 16);
CW_V0_FIELD(cw_probe, struct_size, 0, 4);
CW_V0_FIELD(cw_probe, reserved0, 4, 4);
CW_V0_FIELD(cw_probe, probe, 8, 8);
static inline void cw_v0_types_of_probe(cw_probe *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *) = &at->probe;
  (void)f0; (void)f1; (void)f2;
}

/* ---- cw_sweep_request -------------------------------------------------- */
CW_V0_SIZE(cw_sweep_request, 56);
CW_V0_FIELD(cw_sweep_request, struct_size, 0, 4);
CW_V0_FIELD(cw_sweep_request, reserved0, 4, 4);
CW_V0_FIELD(cw_sweep_request, event, 8, 16);
CW_V0_FIELD(cw_sweep_request, from_unix_ms, 24, 8);
CW_V0_FIELD(cw_sweep_request, to_unix_ms, 32, 8);
CW_V0_FIELD(cw_sweep_request, cursor, 40, 16);
static inline void cw_v0_types_of_sweep_request(cw_sweep_request *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_str *f2 = &at->event;
  int64_t *f3 = &at->from_unix_ms;
  int64_t *f4 = &at->to_unix_ms;
  cw_str *f5 = &at->cursor;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5;
}

/* ---- cw_sweep ---------------------------------------------------------- */
CW_V0_SIZE(cw_sweep, 32);
CW_V0_FIELD(cw_sweep, struct_size, 0, 4);
CW_V0_FIELD(cw_sweep, reserved0, 4, 4);
CW_V0_FIELD(cw_sweep, list, 8, 8);
CW_V0_FIELD(cw_sweep, fetch, 16, 8);
CW_V0_FIELD(cw_sweep, diagnose, 24, 8);
static inline void cw_v0_types_of_sweep(cw_sweep *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->reserved0;
  cw_status (CW_CALL **f2)(cw_connector *, cw_call *, const cw_sweep_request *, uint32_t *out_more) = &at->list;
  cw_status (CW_CALL **f3)(cw_connector *, cw_call *, const cw_event *listed) = &at->fetch;
  cw_status (CW_CALL **f4)(cw_connector *, cw_call *, cw_str url, cw_str events_json) = &at->diagnose;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4;
}

/* ---- cw_library -------------------------------------------------------- */
CW_V0_SIZE(cw_library, 64);
CW_V0_FIELD(cw_library, struct_size, 0, 4);
CW_V0_FIELD(cw_library, abi_minor_built, 4, 4);
CW_V0_FIELD(cw_library, abi_minor_needed, 8, 4);
CW_V0_FIELD(cw_library, flags, 12, 4);
CW_V0_FIELD(cw_library, toolchain, 16, 8);
CW_V0_FIELD(cw_library, open, 24, 8);
CW_V0_FIELD(cw_library, close, 32, 8);
CW_V0_FIELD(cw_library, count, 40, 8);
CW_V0_FIELD(cw_library, describe, 48, 8);
CW_V0_FIELD(cw_library, create, 56, 8);
static inline void cw_v0_types_of_library(cw_library *at) {
  uint32_t *f0 = &at->struct_size;
  uint32_t *f1 = &at->abi_minor_built;
  uint32_t *f2 = &at->abi_minor_needed;
  uint32_t *f3 = &at->flags;
  const char **f4 = &at->toolchain;
  cw_status (CW_CALL **f5)(const char *library_path) = &at->open;
  void (CW_CALL **f6)(void) = &at->close;
  uint32_t (CW_CALL **f7)(void) = &at->count;
  const cw_descriptor * (CW_CALL **f8)(uint32_t index) = &at->describe;
  cw_status (CW_CALL **f9)(const char *id, const cw_host *, cw_connector **out) = &at->create;
  (void)f0; (void)f1; (void)f2; (void)f3; (void)f4; (void)f5; (void)f6; (void)f7; (void)f8; (void)f9;
}

/* ---- the entry: a second declaration must agree with the first --------- */
#ifdef __cplusplus
extern "C" {
#endif
CW_EXPORT const cw_library *CW_CALL cw_connector_entry_v0(void);
#ifdef __cplusplus
}
#endif
#endif
