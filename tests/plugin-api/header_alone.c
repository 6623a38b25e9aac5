/* connector.h stands alone, comes first, and may come twice. */
#include <crosswalk/connector.h>

typedef cw_library const*(CW_CALL* entry)(void);
entry crosswalk_entry_is_declared(void);
entry crosswalk_entry_is_declared(void) {
    return cw_connector_entry_v0;
}
