#include "vault/failing_cipher.hpp"

#include <atomic>
#include <dlfcn.h>

namespace crosswalk::vault {
namespace {

constexpr int never = -1;
std::atomic<int> left{never};
std::atomic<bool> no_random{false};
std::atomic<bool> refused{false};

// The function that ours stands before.
template <class Function>
Function* original(char const* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_refused() {
    int now = left.load();
    while (now > 0 && !left.compare_exchange_weak(now, now - 1)) {
    }
    refused = refused || now == 0;
    return now == 0;
}

}  // namespace

FailingCipher::~FailingCipher() {
    heal();
}
void FailingCipher::fail_after(int texts) {
    refused = false;
    left = texts;
}
void FailingCipher::give_no_random_bytes() {
    refused = false;
    no_random = true;
}
bool FailingCipher::heal() {
    left = never;
    no_random = false;
    return refused.exchange(false);
}

}  // namespace crosswalk::vault

// What OpenSSL's headers declare; without them, because theirs may differ in attributes from release to release.
extern "C" {

struct evp_cipher_ctx_st;

// The call without output sets what a text is bound to, once for each text.
int EVP_CipherUpdate(evp_cipher_ctx_st* context, unsigned char* out, int* out_size, unsigned char const* in,
                     int in_size) {
    static auto* const real =
        crosswalk::vault::original<int(evp_cipher_ctx_st*, unsigned char*, int*, unsigned char const*, int)>(
            "EVP_CipherUpdate");
    return out == nullptr && crosswalk::vault::is_refused() ? 0 : real(context, out, out_size, in, in_size);
}

int RAND_bytes(unsigned char* out, int size) {
    static auto* const real = crosswalk::vault::original<int(unsigned char*, int)>("RAND_bytes");
    if (crosswalk::vault::no_random) {
        crosswalk::vault::refused = true;
        return 0;
    }
    return real(out, size);
}
}
