// Hires ahead of time, so that making and signing them costs nothing while the clock runs.
//
// crosswalk-bench-hires <count> <signature token> <file> [<connection>]
//     writes <count> HTTP requests of equal length, each a signed candidateHired with its own random id and token, and
//     prints {"request_bytes":N,"body_bytes":N}. Ids are random because sorted ones would hide what an index costs.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string random_hex(std::mt19937_64& random, std::size_t size) {
    std::string text(size, '0');
    for (char& digit : text) {
        digit = digits[random() % digits.size()];
    }
    return text;
}

std::string random_uuid(std::mt19937_64& random) {
    return random_hex(random, 8) + '-' + random_hex(random, 4) + "-4" + random_hex(random, 3) + "-a" +
           random_hex(random, 3) + '-' + random_hex(random, 12);
}

std::string signature_of(std::string const& signature_token, std::string const& message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), signature_token.data(), static_cast<int>(signature_token.size()),
         reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest.data(), &size);
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 15U];
    }
    return text;
}

std::string hire(std::mt19937_64& random, std::string const& signature_token, std::string const& triggered_at) {
    std::string const token = random_hex(random, 48);
    std::string const opportunity = random_uuid(random);
    return R"({"id":")" + random_uuid(random) + R"(","triggeredAt":)" + triggered_at +
           R"(,"event":"candidateHired","data":{"candidateId":")" + opportunity + R"(","contactId":")" +
           random_uuid(random) + R"(","opportunityId":")" + opportunity + R"("},"signature":")" +
           signature_of(signature_token, token + triggered_at) + R"(","token":")" + token + R"("})";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 5) {
        std::cerr << "usage: crosswalk-bench-hires <count> <signature token> <file> [<connection>]\n";
        return 64;
    }
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto const triggered_at = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    std::string const connection = argc == 5 ? argv[4] : "lever";
    std::mt19937_64 random{std::random_device{}()};
    std::ofstream out(argv[3], std::ios::binary);
    std::size_t request_bytes = 0;
    std::size_t body_bytes = 0;
    for (long left = std::stol(argv[1]); left > 0 && out; --left) {
        std::string const body = hire(random, argv[2], triggered_at);
        std::string const request = "POST /hooks/" + connection +
                                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\n"
                                    "Content-Type: application/json\r\nContent-Length: " +
                                    std::to_string(body.size()) + "\r\n\r\n" + body;
        out << request;
        request_bytes = request.size();
        body_bytes = body.size();
    }
    out.close();
    if (!out) {
        std::cerr << "crosswalk-bench-hires: cannot write " << argv[3] << '\n';
        return 70;
    }
    std::cout << "{\"request_bytes\":" << request_bytes << ",\"body_bytes\":" << body_bytes << "}\n";
    return 0;
}
