/* crosswalk/connector.h: the whole connector ABI, major version 0 (draft).
 *
 * What     A connector is one shared library that exports exactly one symbol,
 *          cw_connector_entry_v0, and reaches the host only through the tables
 *          below. It has no undefined symbol that the host must resolve.
 * Stable   Version 0 may still change between releases of the host; the host
 *          refuses a library built for another version and names both. From
 *          version 1 on a released field or constant never changes meaning and
 *          structs only grow at their end, in whole 8-byte units.
 * Rules    C89-clean apart from <stdint.h>; 64-bit targets only; UTF-8 only. No
 *          enum, bool, bit-field, long, union, flexible array or struct return.
 *          cw_str, cw_buf and cw_pair are frozen: they travel by value and in
 *          arrays. Everything that may grow starts with struct_size and travels
 *          by pointer. Unknown status codes below zero count as
 *          CW_ERR_INTERNAL, unknown outcomes as CW_PUSH_UNKNOWN.
 * Memory   Nothing is freed across the boundary. Inputs are borrowed for the
 *          length of the call, outputs go into host functions that copy before
 *          they return, host buffers go back through buf_release/http_release.
 * Errors   Nothing throws, longjmps or exits across the boundary. A hook that
 *          fails says why with fail() and returns the status it gave.
 * Threads  Each function carries a tag:
 *            [any]   callable from any thread, concurrently
 *            [lib]   one call at a time per library
 *            [inst]  one call at a time per instance, on any thread; hooks marked
 *                    [inst*] become [any] when CW_CAP_PARALLEL is set
 *            [call]  only on the thread that runs the hook which was given this
 *                    cw_call, and only until that hook returns
 * Units    Times are milliseconds since 1970-01-01 UTC, durations milliseconds,
 *          sizes bytes.
 */
#ifndef CROSSWALK_CONNECTOR_H
#define CROSSWALK_CONNECTOR_H
#include <stddef.h>
#include <stdint.h>

#define CW_ABI_MAJOR 0u
#define CW_ABI_MINOR 4u

#if defined(_WIN32)
#  define CW_CALL __cdecl
#  define CW_EXPORT __declspec(dllexport)
#else
#  define CW_CALL
#  define CW_EXPORT __attribute__((visibility("default")))
#endif

/* Is `field` inside the struct that the other side was compiled with? */
#define CW_HAS(type, p, field) \
  ((p) != NULL && (size_t)(p)->struct_size >= \
     offsetof(type, field) + sizeof(((type *)0)->field))

#ifdef __cplusplus
extern "C" {
#endif

/* ---- status ------------------------------------------------------------ */
typedef int32_t cw_status;             /* 0 ok, < 0 error, > 0 reserved      */
#define CW_OK                 0
#define CW_ERR_INTERNAL     (-1)       /* bug in the callee                  */
#define CW_ERR_INVALID      (-2)       /* this input can never succeed       */
#define CW_ERR_CONFIG       (-3)       /* an operator must change settings   */
#define CW_ERR_AUTH         (-4)       /* credential or signature refused    */
#define CW_ERR_TRANSIENT    (-5)       /* retry with the host's backoff      */
#define CW_ERR_RATE_LIMITED (-6)       /* retry after the stated delay       */
#define CW_ERR_NOT_FOUND    (-7)
#define CW_ERR_UNSUPPORTED  (-8)
#define CW_ERR_CANCELLED    (-9)
#define CW_ERR_DEADLINE    (-10)
#define CW_ERR_NO_MEMORY   (-11)
#define CW_ERR_CURSOR      (-12)       /* the vendor forgot this cursor      */
#define CW_ERR_DENIED      (-13)       /* host policy refused                */
#define CW_ERR_TOO_LARGE   (-14)
#define CW_ERR_CONFLICT    (-15)       /* compare-and-set lost               */

/* ---- values ------------------------------------------------------------ */
typedef struct cw_str {                /* borrowed bytes, no terminator      */
  const char *ptr;                     /* may be NULL only when len is 0     */
  size_t      len;
} cw_str;

typedef struct cw_buf {                /* host-owned; give back with         */
  const char *ptr;                     /* buf_release()                      */
  size_t      len;
  void       *owner;                   /* opaque                             */
} cw_buf;

typedef struct cw_pair { cw_str name; cw_str value; } cw_pair;

typedef struct cw_host      cw_host;      /* one per instance, host-owned    */
typedef struct cw_call      cw_call;      /* opaque, one per hook call       */
typedef struct cw_connector cw_connector; /* one per instance, plugin-owned  */

/* ---- records and events ------------------------------------------------ */
typedef struct cw_record {
  uint32_t struct_size;
  uint32_t flags;                      /* 0                                  */
  cw_str   schema;                     /* "crosswalk.hire/1", "acme.emp/3"   */
  cw_str   key;                        /* what the record is about in the    */
                                       /* system that owns the schema. In    */
                                       /* the output of a map OUT the host   */
                                       /* never runs two pushes with the     */
                                       /* same connection and key at once.   */
  cw_str   revision;                   /* opaque ETag or sequence, may be "" */
  cw_str   json;                       /* one JSON object                    */
} cw_record;

typedef struct cw_event {
  uint32_t struct_size;
  uint32_t flags;                      /* 0                                  */
  cw_str   id;                         /* same on every redelivery; required */
  cw_str   type;                       /* "candidate.hired"                  */
  cw_str   subject;                    /* order is kept per subject; required*/
  cw_str   title;                      /* the subject in words, for people:  */
                                       /* personal data, never logged        */
  int64_t  occurred_unix_ms;           /* 0 when the vendor does not say     */
  const cw_record *record;             /* in the vendor's own schema         */
} cw_event;

/* ---- HTTP, both directions --------------------------------------------- */
#define CW_HTTP_IDEMPOTENT 1u          /* the host may repeat it by itself   */
#define CW_HTTP_TO_FILE    2u          /* the body of a 2xx goes to a file:  */
                                       /* cw_http_response.body_file         */

#define CW_AUTH_NONE   0
#define CW_AUTH_BEARER 1               /* Authorization: Bearer <secret>     */
#define CW_AUTH_BASIC  2               /* the secret as user, no password    */
#define CW_AUTH_OAUTH  3               /* Authorization: Bearer <the access  */
                                       /* token that the host keeps fresh>,  */
                                       /* see cw.oauth/1                     */

typedef struct cw_http_request {
  uint32_t struct_size;
  uint32_t flags;                      /* CW_HTTP_*                          */
  cw_str   method;
  cw_str   url;                        /* inbound: path and query only       */
  const cw_pair *headers;              /* inbound names are lower case       */
  size_t   header_count;
  cw_str   body;                       /* inbound: the exact bytes received  */
  cw_str   peer;                       /* inbound only: address of the caller*/
  int32_t  auth;                       /* outbound: CW_AUTH_*                */
  uint32_t reserved0;
  cw_str   auth_secret;                /* outbound: JSON Pointer into the    */
                                       /* settings; the host adds the header */
                                       /* so the secret stays with the host  */
  cw_str   body_file;                  /* outbound: a file (cw.files/1) that */
                                       /* is sent after body, or ""          */
  cw_str   body_tail;                  /* outbound: sent after body_file     */
} cw_http_request;

typedef struct cw_http_response {      /* host-owned until http_release()    */
  uint32_t struct_size;
  int32_t  status;
  const cw_pair *headers;              /* names are lower case               */
  size_t   header_count;
  cw_str   body;
  int64_t  retry_after_ms;             /* parsed Retry-After, or -1          */
  void    *owner;
  cw_str   body_file;                  /* with CW_HTTP_TO_FILE and a 2xx;    */
                                       /* body is empty then                 */
  int64_t  body_file_size;
} cw_http_response;

/* ---- webhook verdict --------------------------------------------------- */
#define CW_WEBHOOK_ACCEPT 1            /* store it, then answer 2xx          */
#define CW_WEBHOOK_IGNORE 2            /* genuine but of no use: answer 2xx  */
#define CW_WEBHOOK_TEST   3            /* the vendor tests the address       */
typedef struct cw_webhook_verdict {    /* host fills struct_size, zeroes     */
  uint32_t struct_size;
  int32_t  disposition;                /* CW_WEBHOOK_*                       */
} cw_webhook_verdict;

/* ---- what note() takes ------------------------------------------------- */
#define CW_NOTE_TARGET_KEY   1         /* id the target system gave it       */
#define CW_NOTE_TARGET_URL   2         /* where a person can look at it      */
#define CW_NOTE_REMOTE_REQ   3         /* vendor request id, for support     */
#define CW_NOTE_EVENT_TYPE   4         /* webhook_verify: "type" or "t1 t2"  */
#define CW_NOTE_DEDUPE_KEY   5         /* webhook_verify: same on redelivery */
#define CW_NOTE_REASON       6         /* why skipped, duplicate, or why a   */
                                       /* parse or map gave nothing, in words*/
#define CW_NOTE_EFFECT       7         /* push, what DELIVERED did: "created"*/
                                       /* or "updated"                       */
#define CW_NOTE_UNLINKED     8         /* webhook_parse, poll: kind and id of*/
                                       /* a record here that would have to be*/
                                       /* linked, and is not. While a push to*/
                                       /* this connection that went out      */
                                       /* before may still link it, the host */
                                       /* asks again later; else this counts */
                                       /* as nothing said                    */

#define CW_LOG_DEBUG 1
#define CW_LOG_INFO  2
#define CW_LOG_WARN  3
#define CW_LOG_ERROR 4

/* ---- services the host offers ------------------------------------------ */
struct cw_host {
  uint32_t struct_size;
  uint32_t abi_minor;                  /* minor this host implements         */
  void    *impl;                       /* host only                          */
  const char *host_name;               /* "crosswalk/0.1.0"                  */
  const char *connection;              /* name of this connection; `system`  */
                                       /* of every canonical ref made here   */

  /* [any] NULL when absent; valid until destroy() returns.                  */
  const void *(CW_CALL *get_extension)(const cw_host *, const char *id);

  /* [any] message is a fixed sentence, facts ride in the JSON object.       */
  uint32_t (CW_CALL *log_enabled)(const cw_host *, int32_t level);
  void     (CW_CALL *log)(const cw_host *, cw_call *, int32_t level,
                          cw_str message, cw_str fields_json);
  /* [any] */
  int64_t  (CW_CALL *unix_ms)(const cw_host *);
  int64_t  (CW_CALL *steady_ms)(const cw_host *);
  void     (CW_CALL *buf_release)(const cw_host *, cw_buf *);

  /* [any] ms left, 0 when spent, -1 when unlimited; then the cancel flag.   */
  int64_t  (CW_CALL *time_left_ms)(const cw_host *, const cw_call *);
  uint32_t (CW_CALL *cancelled)(const cw_host *, const cw_call *);
  /* [call] waits, but no longer than the deadline or a cancel.              */
  cw_status (CW_CALL *sleep_ms)(const cw_host *, cw_call *, int64_t ms);

  /* [call] says why this call fails; returns `status` for tail calls.
   * message is for people and names what to do; detail_json is an object,
   * may be empty: {"fields":[{"field":"…","reason":"…"}]}.                  */
  cw_status (CW_CALL *fail)(const cw_host *, cw_call *, cw_status status,
                            int64_t retry_after_ms, cw_str message,
                            cw_str detail_json);
  /* [call] attaches an output string (CW_NOTE_*); the last one wins.        */
  cw_status (CW_CALL *note)(const cw_host *, cw_call *, int32_t what, cw_str);
  /* [call] adds a warning about one field to the outcome; no values in it.  */
  cw_status (CW_CALL *warn)(const cw_host *, cw_call *, cw_str field,
                            cw_str message);

  /* [any] settings of this connection as JSON; "" is the whole document.
   * CW_ERR_NOT_FOUND when nothing stands at the pointer.                    */
  cw_status (CW_CALL *config_get)(const cw_host *, cw_str json_pointer,
                                  cw_buf *out_json);
  /* [call] the secret that the settings refer to at this pointer. Prefer
   * cw_http_request.auth and cw.crypto/1, which keep it inside the host.
   * CW_ERR_DENIED when the descriptor does not declare the pointer.         */
  cw_status (CW_CALL *secret_get)(const cw_host *, cw_call *,
                                  cw_str json_pointer, cw_buf *out);

  /* [call] blocking; obeys the deadline, cancel, the rate limit of the
   * connection and the egress list. An HTTP error status is CW_OK.
   * CW_ERR_TRANSIENT: the request did not leave, or was idempotent.
   * CW_ERR_DEADLINE/CW_ERR_INTERNAL: it may have been applied.              */
  cw_status (CW_CALL *http_send)(const cw_host *, cw_call *,
                                 const cw_http_request *,
                                 const cw_http_response **out);
  void      (CW_CALL *http_release)(const cw_host *,
                                    const cw_http_response *);

  /* [call] private to the instance; version 0 means: must not exist yet.    */
  cw_status (CW_CALL *kv_get)(const cw_host *, cw_call *, cw_str key,
                              cw_buf *out, uint64_t *out_version);
  cw_status (CW_CALL *kv_put)(const cw_host *, cw_call *, cw_str key,
                              cw_str value, const uint64_t *if_version);
  cw_status (CW_CALL *kv_delete)(const cw_host *, cw_call *, cw_str key,
                                 const uint64_t *if_version);

  /* [call] outputs of the trigger and map hooks; copied before they return. */
  cw_status (CW_CALL *emit_event)(const cw_host *, cw_call *,
                                  const cw_event *);
  cw_status (CW_CALL *emit_record)(const cw_host *, cw_call *,
                                   const cw_record *);
  /* [call] stored in one transaction with the events emitted before it.     */
  cw_status (CW_CALL *set_cursor)(const cw_host *, cw_call *, cw_str cursor);
};

/* ---- host extension "cw.crypto/1" -------------------------------------- */
#define CW_EXT_CRYPTO "cw.crypto/1"
#define CW_HMAC_SHA256 1
typedef struct cw_crypto {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [call] Is `hex` the lower-case HMAC of the parts joined together, under
   * the secret at `secret_pointer`? Compared in constant time. CW_OK, or
   * CW_ERR_AUTH when it is not; CW_ERR_NOT_FOUND when no secret is set.     */
  cw_status (CW_CALL *hmac_verify)(const cw_host *, cw_call *,
                                   int32_t algorithm, cw_str secret_pointer,
                                   const cw_str *parts, size_t part_count,
                                   cw_str hex);
  /* [any] 64 lower-case hex digits of the SHA-256 of `data`, no terminator. */
  cw_status (CW_CALL *sha256_hex)(const cw_host *, cw_str data,
                                  char *out_64);
} cw_crypto;

/* ---- host extension "cw.files/1" --------------------------------------- */
/* Files too large for a record: a CV, a signed offer, a PDF. A file is known
 * by its id, the SHA-256 of its content in lower-case hex; a record carries
 * the id. Files live as long as the payloads that name them.                */
#define CW_EXT_FILES "cw.files/1"
#define CW_FILE_READ_MAX 1048576
typedef struct cw_files {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [call] keeps the bytes; `out_id` is the new file's id.
   * CW_ERR_TOO_LARGE, CW_ERR_TRANSIENT when the disk is full.               */
  cw_status (CW_CALL *put)(const cw_host *, cw_call *, cw_str bytes,
                           cw_buf *out_id);
  /* [call] CW_ERR_NOT_FOUND when there is no such file (any more).          */
  cw_status (CW_CALL *size)(const cw_host *, cw_call *, cw_str id,
                            int64_t *out_size);
  /* [call] up to `length` bytes from `offset`, at most CW_FILE_READ_MAX;
   * fewer at the end.                                                       */
  cw_status (CW_CALL *read)(const cw_host *, cw_call *, cw_str id,
                            int64_t offset, int64_t length, cw_buf *out);
} cw_files;

/* ---- host extension "cw.links/1" --------------------------------------- */
/* Which record here is the same thing as which record there. A ref is a
 * canonical one as JSON: {"system":"lever","kind":"requisition","id":"..."};
 * `system` is the name of a connection.                                     */
#define CW_EXT_LINKS "cw.links/1"
typedef struct cw_links {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [call] links a record of this connection with one of another. An earlier
   * link of `theirs` with a record of the same kind here is replaced.       */
  cw_status (CW_CALL *put)(const cw_host *, cw_call *, cw_str our_kind,
                           cw_str our_id, cw_str their_ref_json);
  /* [call] every ref linked with this one, of any connection: a JSON array,
   * empty when there is none.                                               */
  cw_status (CW_CALL *find)(const cw_host *, cw_call *, cw_str ref_json,
                            cw_buf *out_refs_json);
  /* [call] CW_ERR_NOT_FOUND when the two are not linked.                    */
  cw_status (CW_CALL *remove)(const cw_host *, cw_call *, cw_str our_kind,
                              cw_str our_id, cw_str their_ref_json);
} cw_links;

/* ---- host extension "cw.secrets/1" ------------------------------------- */
/* Secrets that a vendor hands out at run time, a webhook's signature token
 * for instance. The host keeps them encrypted; they are read like any other,
 * by secret_get, hmac_verify and cw_http_request.auth. What the settings say
 * at the same pointer comes first.                                          */
#define CW_EXT_SECRETS "cw.secrets/1"
typedef struct cw_secrets {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [call] CW_ERR_DENIED when the descriptor does not declare the pointer.  */
  cw_status (CW_CALL *put)(const cw_host *, cw_call *, cw_str json_pointer,
                           cw_str value);
  /* [call] CW_ERR_NOT_FOUND when none is kept there.                        */
  cw_status (CW_CALL *remove)(const cw_host *, cw_call *,
                              cw_str json_pointer);
} cw_secrets;

/* ---- what a connector says of itself ----------------------------------- */
#define CW_CAP_WEBHOOK   (1u << 0)
#define CW_CAP_POLL      (1u << 1)
#define CW_CAP_MAP_IN    (1u << 2)     /* vendor record -> canonical         */
#define CW_CAP_MAP_OUT   (1u << 3)     /* canonical -> vendor record         */
#define CW_CAP_PUSH      (1u << 4)
#define CW_CAP_PUSH_IDEM (1u << 5)     /* target honours idempotency_key     */
#define CW_CAP_PARALLEL  (1u << 6)     /* [inst*] hooks may run concurrently */
#define CW_CAP_OAUTH     (1u << 7)     /* has cw.oauth/1                     */
#define CW_CAP_SUBSCRIBE (1u << 8)     /* has cw.subscriptions/1             */
#define CW_CAP_FIND      (1u << 9)     /* has cw.find/1                      */
#define CW_CAP_SWEEP     (1u << 10)    /* has cw.sweep/1                     */

#define CW_TRIGGER_WEBHOOK 1u          /* the vendor calls us; so does flags 0*/
#define CW_TRIGGER_POLL    2u          /* we ask, by the poll hook           */
#define CW_TRIGGER_SIGNAL  4u          /* carries no record: it only starts  */
                                       /* the runs of routes that wait for it*/
#define CW_TRIGGER_SWEEP   8u          /* with WEBHOOK: cw.sweep/1 lists it  */
typedef struct cw_trigger {            /* static, immutable                  */
  uint32_t struct_size;
  uint32_t flags;                      /* CW_TRIGGER_*                       */
  const char *event;                   /* "candidate.hired"                  */
  const char *title;                   /* one line for people                */
  const char *schema;                  /* vendor schema of its record        */
  const char *canonical;               /* what map IN makes of it            */
  const char *select_schema;           /* polled: JSON Schema of what a route*/
                                       /* may select ("one posting only");   */
                                       /* NULL: nothing                      */
} cw_trigger;

typedef struct cw_action {             /* static, immutable                  */
  uint32_t struct_size;
  uint32_t reserved0;
  const char *name;                    /* "create_employee"                  */
  const char *title;
  const char *canonical;               /* what map OUT takes: crosswalk.hire/1*/
  const char *schema;                  /* what map OUT makes and push takes  */
} cw_action;

typedef struct cw_descriptor {         /* static, immutable                  */
  uint32_t struct_size;
  uint32_t caps;                       /* CW_CAP_*                           */
  const char *id;                      /* "lever"; third parties: "com.acme.x"*/
  const char *name;
  const char *vendor;                  /* who makes and supports it          */
  const char *version;                 /* semver                             */
  const char *support;                 /* contact or documentation address   */
  const char *settings_schema;         /* JSON Schema of the settings        */
  const cw_trigger *const *triggers;   /* NULL-ended                         */
  const cw_action  *const *actions;    /* NULL-ended                         */
  const char *const *secrets;          /* NULL-ended JSON Pointers into the  */
                                       /* settings; a segment * is any name  */
  const char *const *egress;           /* NULL-ended "host" or "*.host"; the */
                                       /* host of a setting: "setting:/base_url"*/
  uint32_t requests_per_second;        /* what the vendor allows; 0: any     */
  uint32_t requests_burst;             /* at once after a pause; 0: as above */
} cw_descriptor;

/* ---- hook arguments ---------------------------------------------------- */
#define CW_MAP_IN  1
#define CW_MAP_OUT 2
typedef struct cw_map_request {
  uint32_t struct_size;
  int32_t  direction;                  /* CW_MAP_*                           */
  cw_str   to_schema;
  const cw_record *in;
} cw_map_request;

#define CW_POLL_FULL 1u                /* every record, changed or not       */
typedef struct cw_poll_request {
  uint32_t struct_size;
  uint32_t flags;                      /* CW_POLL_*                          */
  cw_str   event;                      /* the trigger that is asked for      */
  cw_str   cursor;                     /* the last one set; "" at the very   */
                                       /* first and at the start of a full   */
                                       /* run                                */
  cw_str   select_json;                /* an object after select_schema, "{}"*/
  cw_str   run;                        /* the same in every turn of one run; */
                                       /* a full run puts it into event ids, */
                                       /* so that each run delivers anew     */
} cw_poll_request;

#define CW_PUSH_DELIVERED  1
#define CW_PUSH_DUPLICATE  2           /* the target already has this one    */
#define CW_PUSH_UNCHANGED  3           /* target already holds these values  */
#define CW_PUSH_SKIPPED    4           /* a business rule said no            */
#define CW_PUSH_REJECTED   5           /* permanent: dead letter             */
#define CW_PUSH_RETRY      6           /* not applied, try again later       */
#define CW_PUSH_UNKNOWN    7           /* cannot tell whether it applied     */
typedef struct cw_push_request {
  uint32_t struct_size;
  uint32_t attempt;                    /* 1 is the first                     */
  cw_str   action;
  cw_str   idempotency_key;            /* same for every attempt             */
  const cw_record *record;
} cw_push_request;

typedef struct cw_push_result {        /* host fills struct_size, zeroes     */
  uint32_t struct_size;
  int32_t  outcome;                    /* CW_PUSH_*                          */
  int64_t  retry_after_ms;             /* with RETRY; 0: the host chooses    */
} cw_push_result;

/* ---- what a connector implements --------------------------------------- */
struct cw_connector {
  uint32_t struct_size;
  uint32_t reserved0;
  const cw_descriptor *desc;           /* same pointer as the library's      */
  void    *self;                       /* plugin only                        */
  /* Required, never NULL.                                                   */
  cw_status (CW_CALL *init)(cw_connector *, cw_call *);          /* [inst]   */
  cw_status (CW_CALL *activate)(cw_connector *, cw_call *);      /* [inst]   */
  void      (CW_CALL *deactivate)(cw_connector *);               /* [inst]   */
  void      (CW_CALL *destroy)(cw_connector *);                  /* [inst]   */
  /* [any] may run beside the hook that owns the call, or just after it.     */
  void      (CW_CALL *cancel)(cw_connector *, cw_call *);
  /* [any] NULL for an unknown id.                                           */
  const void *(CW_CALL *get_extension)(cw_connector *, const char *id);
  /* Hooks: NULL exactly when the matching cap bit is clear.                 */
  /* [inst*] no I/O: only config_get, secret_get, cw.crypto/1, clocks, log,
   * note and fail. CW_ERR_AUTH answers 401, CW_ERR_INVALID 400, others 503. */
  cw_status (CW_CALL *webhook_verify)(cw_connector *, cw_call *,
                                      const cw_http_request *,
                                      cw_webhook_verdict *);
  /* [inst*] runs later, from the stored bytes; may fetch from the vendor.   */
  cw_status (CW_CALL *webhook_parse)(cw_connector *, cw_call *,
                                     const cw_http_request *);
  /* [inst] emits events, then set_cursor; *out_more asks for another turn.
   * A turn is one page: after a restart the run goes on at the last cursor. */
  cw_status (CW_CALL *poll)(cw_connector *, cw_call *,
                            const cw_poll_request *, uint32_t *out_more);
  /* [inst*] pure: same request, same records. config_get and log only.      */
  cw_status (CW_CALL *map)(cw_connector *, cw_call *,
                           const cw_map_request *);
  /* [inst*] CW_OK with an outcome, or an error from which the host derives
   * one: AUTH/CONFIG pause the connection and keep the delivery, RATE_LIMITED
   * and TRANSIENT retry, INVALID/UNSUPPORTED/TOO_LARGE reject, the rest is
   * unknown.                                                                */
  cw_status (CW_CALL *push)(cw_connector *, cw_call *,
                            const cw_push_request *, cw_push_result *);
};

/* ---- connector extension "cw.push-lookup/1" ---------------------------- */
#define CW_EXT_PUSH_LOOKUP "cw.push-lookup/1"
typedef struct cw_push_lookup {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst*] Did an earlier attempt of this push take effect? DELIVERED: yes;
   * DUPLICATE: somebody else's; RETRY: no, push again; UNKNOWN: cannot tell. */
  cw_status (CW_CALL *look_up)(cw_connector *, cw_call *,
                               const cw_push_request *, cw_push_result *);
} cw_push_lookup;

/* ---- connector extension "cw.probe/1" ---------------------------------- */
#define CW_EXT_PROBE "cw.probe/1"
typedef struct cw_probe {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst] Do address, credential and rights work? Changes nothing at the
   * vendor. warn() names each missing right, fail() says what is broken.    */
  cw_status (CW_CALL *probe)(cw_connector *, cw_call *);
} cw_probe;

/* ---- connector extension "cw.oauth/1" ---------------------------------- */
#define CW_EXT_OAUTH "cw.oauth/1"
typedef struct cw_oauth {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst] no network. Emits one record "crosswalk.oauth/1" that says how the
   * host gets tokens: {"grant":"authorization_code"|"client_credentials",
   * "authorize_url","token_url","client_id","client_secret":"/auth/secret"
   * (a pointer into the settings),"client_auth":"body"|"basic",
   * "scopes":[],"authorize_parameters":{},"token_parameters":{},
   * "permissions":["in words, for the person who consents"]}. No record:
   * these settings need no OAuth.                                           */
  cw_status (CW_CALL *describe)(cw_connector *, cw_call *);
} cw_oauth;

/* ---- connector extension "cw.subscriptions/1" -------------------------- */
#define CW_EXT_SUBSCRIPTIONS "cw.subscriptions/1"
typedef struct cw_subscriptions {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst] Makes the vendor send these events (a JSON array of trigger names)
   * to `url` and no other webhook of ours; asks first what is there, so it
   * may be called at any time. warn() tells what a person must still do.
   * CW_ERR_UNSUPPORTED: with these rights it can only be done by hand.      */
  cw_status (CW_CALL *ensure)(cw_connector *, cw_call *, cw_str url,
                              cw_str events_json);
  /* [inst] Removes what ensure made; fine when it is gone already.          */
  cw_status (CW_CALL *remove)(cw_connector *, cw_call *);
} cw_subscriptions;

/* ---- connector extension "cw.find/1" ----------------------------------- */
#define CW_EXT_FIND "cw.find/1"
typedef struct cw_find {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst] Emits the canonical records of that schema that fit the query, an
   * object with "id" or "text" (part of a name), at most 50. Changes nothing.*/
  cw_status (CW_CALL *find)(cw_connector *, cw_call *, cw_str schema,
                            cw_str query_json);
} cw_find;

/* ---- connector extension "cw.sweep/1" ---------------------------------- */
/* What should have come by webhook, so that the host notices what did not.   */
#define CW_EXT_SWEEP "cw.sweep/1"
typedef struct cw_sweep_request {
  uint32_t struct_size;
  uint32_t reserved0;
  cw_str   event;                      /* a trigger with CW_TRIGGER_SWEEP    */
  int64_t  from_unix_ms;               /* what happened from here on ...     */
  int64_t  to_unix_ms;                 /* ... and before this                */
  cw_str   cursor;                     /* the last one set; "" at first      */
} cw_sweep_request;

typedef struct cw_sweep {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [inst] Emits one page of events, then set_cursor; *out_more asks for the
   * next page. id, type and subject are those that webhook_parse gives to the
   * event: by the id the host knows whether it came. The record may be only
   * what fetch needs. Cheap: one request a page, nothing is changed.         */
  cw_status (CW_CALL *list)(cw_connector *, cw_call *,
                            const cw_sweep_request *, uint32_t *out_more);
  /* [inst*] Emits the event that `listed`, one of list's, stands for, as
   * webhook_parse would; none, with CW_NOTE_REASON, when it is of no use.    */
  cw_status (CW_CALL *fetch)(cw_connector *, cw_call *,
                             const cw_event *listed);
  /* [inst] Why might webhooks of these events (a JSON array of trigger names)
   * not arrive at `url`? warn() tells what is wrong at the vendor and what to
   * do. Changes nothing. CW_ERR_UNSUPPORTED: the vendor does not tell.       */
  cw_status (CW_CALL *diagnose)(cw_connector *, cw_call *, cw_str url,
                                cw_str events_json);
} cw_sweep;

/* ---- the library ------------------------------------------------------- */
typedef struct cw_library {            /* static, immutable                  */
  uint32_t struct_size;
  uint32_t abi_minor_built;            /* CW_ABI_MINOR, never typed by hand  */
  uint32_t abi_minor_needed;           /* oldest host minor it works with    */
  uint32_t flags;                      /* 0                                  */
  const char *toolchain;               /* "gcc 12.2; crosswalk-cpp 0.1"      */
  cw_status (CW_CALL *open)(const char *library_path);           /* [lib]    */
  void      (CW_CALL *close)(void);                              /* [lib]    */
  uint32_t  (CW_CALL *count)(void);                              /* [any]    */
  const cw_descriptor *(CW_CALL *describe)(uint32_t index);      /* [any]    */
  /* [lib] no host call is allowed before init().                            */
  cw_status (CW_CALL *create)(const char *id, const cw_host *,
                              cw_connector **out);
} cw_library;

/* The only exported symbol. Its name carries the major version for ever.    */
CW_EXPORT const cw_library *CW_CALL cw_connector_entry_v0(void);

#ifdef __cplusplus
}
#endif
#endif
