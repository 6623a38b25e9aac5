// An OpenSSL that refuses to encrypt or decrypt one text when told to, or gives no random bytes.
//
// Shape    stands before OpenSSL's own functions in a test that links failing_cipher.cpp; counts the texts that begin
//          to be encrypted or decrypted, on any thread.
// Threads  safe from any thread. Owner  at most one at a time; when it goes everything works again.
#pragma once

namespace crosswalk::vault {

class FailingCipher {
public:
    FailingCipher() = default;
    FailingCipher(FailingCipher const&) = delete;
    FailingCipher& operator=(FailingCipher const&) = delete;
    ~FailingCipher();

    // The text after `texts` more and all after it are refused, so that a second try of the writer fails as well.
    void fail_after(int texts);
    // From now on the system has no random bytes. Threads that have some left go on with those.
    void give_no_random_bytes();
    // Nothing further is refused. True when something was.
    bool heal();
};

}  // namespace crosswalk::vault
