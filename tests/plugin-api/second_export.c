/* A symbol that a connector must not export; linked in only to see it refused. */
#include <crosswalk/connector.h>

CW_EXPORT int acme_helper(void);
int acme_helper(void) {
    return 0;
}
