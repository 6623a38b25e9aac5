/* acme: a whole connector in plain C. It creates a person at <base_url>/people from each hire that it is given. */
#include <crosswalk/connector.h>

#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((cw_str){literal, sizeof(literal) - 1})

/* What it is. The host shows this, checks settings against it, and holds the connector to its secrets and addresses. */
static const cw_action create_person = {
    sizeof(cw_action), 0, "create_person", "Create a person in Acme", "crosswalk.hire/1", "acme.person/1"};
static cw_action const* const actions[] = {&create_person, NULL};
static char const* const secrets[] = {"/api_key", NULL};
static char const* const egress[] = {"setting:/base_url", NULL};
static char const settings[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"base_url\",\"api_key\"],"
    "\"properties\":{\"base_url\":{\"type\":\"string\"},\"api_key\":{\"type\":\"string\"}}}";
static const cw_descriptor acme = {sizeof(cw_descriptor),
                                   CW_CAP_MAP_OUT | CW_CAP_PUSH,
                                   "acme",
                                   "Acme People",
                                   "Example Ltd",
                                   "0.1.0",
                                   "https://acme.example.com/support",
                                   settings,
                                   NULL,
                                   actions,
                                   secrets,
                                   egress,
                                   0,
                                   0};

/* One instance per connection. */
typedef struct instance {
    cw_connector table;
    cw_host const* host;
    char url[512];
} instance;

static cw_status refuse(instance* at, cw_call* call, cw_status status, int64_t wait_ms, char const* why) {
    return at->host->fail(at->host, call, status, wait_ms, (cw_str){why, strlen(why)}, TEXT(""));
}

static cw_status CW_CALL init(cw_connector* self, cw_call* call) {
    instance* at = self->self;
    cw_buf base; /* a JSON string: its quotes are cut off, and an escape in it is refused */
    if (at->host->config_get(at->host, TEXT("/base_url"), &base) == CW_OK) {
        size_t len = base.len > 2 && base.ptr[0] == '"' && !memchr(base.ptr, '\\', base.len) ? base.len - 2 : 0;
        if (len + sizeof "/people" > sizeof at->url) len = 0;
        if (len > 0) {
            memcpy(at->url, base.ptr + 1, len);
            memcpy(at->url + len - (at->url[len - 1] == '/'), "/people", sizeof "/people");
        }
        at->host->buf_release(at->host, &base);
        if (len > 0) return CW_OK;
    }
    return refuse(at, call, CW_ERR_CONFIG, -1, "Set base_url to the address of Acme's API, at most 500 bytes.");
}
static cw_status CW_CALL activate(cw_connector* self, cw_call* call) { return (void)self, (void)call, CW_OK; }
static void CW_CALL deactivate(cw_connector* self) { (void)self; }
static void CW_CALL destroy(cw_connector* self) { free(self->self); }
static void CW_CALL cancel(cw_connector* self, cw_call* call) { (void)self, (void)call; }
static void const* CW_CALL get_extension(cw_connector* self, char const* id) { return (void)self, (void)id, NULL; }

/* Map: Acme takes the canonical record as it is, so only the schema's name changes. */
static cw_status CW_CALL map(cw_connector* self, cw_call* call, cw_map_request const* request) {
    instance* at = self->self;
    cw_record out = {sizeof out, 0, request->to_schema, request->in->key, TEXT(""), request->in->json};
    return at->host->emit_record(at->host, call, &out);
}

/* Push: one POST, and what its answer means. It is not marked idempotent: the host must not repeat a create. */
static cw_status CW_CALL push(cw_connector* self, cw_call* call, cw_push_request const* what, cw_push_result* result) {
    instance* at = self->self;
    cw_pair headers[] = {{TEXT("Content-Type"), TEXT("application/json")},
                         {TEXT("Idempotency-Key"), what->idempotency_key}};
    cw_http_request post = {.struct_size = sizeof post,
                            .method = TEXT("POST"),
                            .url = {at->url, strlen(at->url)},
                            .headers = headers,
                            .header_count = 2,
                            .body = what->record->json,
                            .auth = CW_AUTH_BEARER,
                            .auth_secret = TEXT("/api_key")};
    cw_http_response const* answer = NULL;
    cw_status status = at->host->http_send(at->host, call, &post, &answer);
    if (status != CW_OK) return refuse(at, call, status, -1, "Acme gave no answer.");
    int32_t code = answer->status;
    int64_t wait_ms = answer->retry_after_ms;
    at->host->http_release(at->host, answer);

    if (code == 401 || code == 403) return refuse(at, call, CW_ERR_AUTH, -1, "Acme refused the API key.");
    if (code == 429 || code == 503) return refuse(at, call, CW_ERR_RATE_LIMITED, wait_ms, "Acme is busy.");
    if (code >= 200 && code < 300) return result->outcome = CW_PUSH_DELIVERED, CW_OK;
    if (code == 409) return result->outcome = CW_PUSH_DUPLICATE, CW_OK;
    if (code >= 500) return result->outcome = CW_PUSH_UNKNOWN, CW_OK; /* it may have been applied */
    return refuse(at, call, CW_ERR_INVALID, -1,
                  "Acme does not accept this person. Compare its fields with Acme's form.");
}

/* The library: one connector, as many instances as there are connections. */
static cw_status CW_CALL library_open(char const* path) { return (void)path, CW_OK; }
static void CW_CALL library_close(void) {}
static uint32_t CW_CALL count(void) { return 1; }
static cw_descriptor const* CW_CALL describe(uint32_t index) { return index == 0 ? &acme : NULL; }
static cw_status CW_CALL create(char const* id, cw_host const* host, cw_connector** out) {
    static const cw_connector hooks = {sizeof hooks,  0,    &acme, NULL, init, activate, deactivate, destroy, cancel,
                                       get_extension, NULL, NULL,  NULL, map,  push};
    if (id == NULL || strcmp(id, acme.id) != 0) return CW_ERR_NOT_FOUND;
    instance* at = calloc(1, sizeof *at);
    if (at == NULL) return CW_ERR_NO_MEMORY;
    at->table = hooks;
    at->table.self = at;
    at->host = host;
    *out = &at->table;
    return CW_OK;
}
static const cw_library library = {sizeof(cw_library), CW_ABI_MINOR,  0,     0,        "C; crosswalk template 0.1",
                                   library_open,       library_close, count, describe, create};

CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0(void) { return &library; }
