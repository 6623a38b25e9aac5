// An erasure that says "proven" has looked: at what stands in the files, and at what the store would still hand out.
#include "store/database.hpp"
#include "store/event_rows.hpp"
#include "store/persons.hpp"
#include "store/remains.hpp"
#include "store_fixture.hpp"
#include "support/test_store.hpp"
#include "vault/sealer.hpp"

#include <fstream>
#include <iomanip>

namespace crosswalk::store {
namespace {

using model::ErrorCode;

class ErasureProof : public StoreFixture {
protected:
    void SetUp() override {
        StoreFixture::SetUp();
        ASSERT_TRUE(inbox().accept(webhook("a")));
        ASSERT_TRUE(inbox().dispatch(1, {{about_her(), {push("d1", "person-a")}}}, ""));
    }
    static model::Event about_her() {
        model::Event about = event("a", "person-a");
        about.record.json = R"({"kind":"hire","personal_email":"ada@example.com"})";
        return about;
    }
    [[nodiscard]] model::Result<Erasure> erase() { return Persons(*store_).erase("ada@example.com"); }
    // Something in the file does this as soon as a key is deleted.
    void when_a_key_goes(std::string const& sql) const {
        tamper("CREATE TRIGGER back AFTER DELETE ON key BEGIN " + sql + "; END");
    }
    // As SQL has it.
    static std::string literal(std::string const& bytes) {
        std::ostringstream out;
        out << "x'" << std::hex << std::setfill('0');
        for (char const byte : bytes) {
            out << std::setw(2) << static_cast<int>(static_cast<unsigned char>(byte));
        }
        return out.str() + "'";
    }
    // Her key as another row of it would have it: other bytes.
    [[nodiscard]] std::string key_wrapped_anew() {
        auto const host_key = vault::read_key(options_.key).value();
        std::string again;
        EXPECT_TRUE(store_->database().read([&](Sqlite& sqlite) {
            return sqlite.each(
                "SELECT k.id, k.kind, k.wrapped FROM key k JOIN event e ON e.key = k.id", [&](Row const& row) {
                    std::string const at = place("key.wrapped", row.integer(0), row.number(1));
                    again = vault::seal(host_key, at, vault::open(host_key, at, row.view(2)).value()).value();
                });
        }));
        return again;
    }
};

TEST_F(ErasureProof, ComesWithAnErasureThatNothingHinders) {
    EXPECT_TRUE(erase()->proven);
    EXPECT_EQ(history().show(1)->summary.title, "");
}

TEST_F(ErasureProof, IsNotGivenWhenTheKeyIsFoundElsewhere) {
    reopen();  // empties the log
    tamper("INSERT INTO kv SELECT 'lever', 'copy ' || id, wrapped, 1 FROM key");
    auto const erased = erase();
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(erased->persons, 1);
    EXPECT_FALSE(erased->proven);
}

TEST_F(ErasureProof, IsNotGivenWhenTheStoreWouldStillUseTheKey) {
    when_a_key_goes("INSERT INTO key VALUES (OLD.id, OLD.kind, " + literal(key_wrapped_anew()) + ")");
    tamper("DELETE FROM event");  // so that nothing else tells of it
    auto const erased = erase();
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_FALSE(erased->proven);
}

TEST_F(ErasureProof, IsNotGivenWhenAnEventCanStillBeRead) {
    auto const general = store_->database().ring().general();
    auto const sealed = seal_event(general, 1, 0, about_her()).value();
    when_a_key_goes("UPDATE event SET key = " + std::to_string(general.id) + ", story = " + literal(sealed.story) +
                    ", record = " + literal(sealed.record));
    auto const erased = erase();
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(history().show(1)->summary.title, "Ada Example") << "the test proves nothing";
    EXPECT_FALSE(erased->proven);
}

TEST_F(ErasureProof, IsAskedForAgainWhenSomebodysReadingHindersIt) {
    sqlite3* reader = nullptr;
    ASSERT_EQ(sqlite3_open(options_.path.string().c_str(), &reader), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM inbox", nullptr, nullptr, nullptr), SQLITE_OK);
    auto const erased = erase();
    sqlite3_close(reader);
    ASSERT_FALSE(erased);
    EXPECT_EQ(erased.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(erase()->proven) << "the next time it is";
}

// SQLite goes on with the folder that it opened; who searches goes the way that was configured.
TEST_F(ErasureProof, IsAskedForAgainWhenTheFilesCannotBeSearched) {
    store_.reset();
    auto const way = folder_ / "way";
    auto const set_out = [&] { std::filesystem::create_directory_symlink(folder_, way); };
    set_out();
    options_.path = way / "crosswalk.db";
    open();
    std::filesystem::remove(way);
    auto const erased = erase();
    set_out();
    ASSERT_FALSE(erased);
    EXPECT_EQ(erased.error().detail, "A file of the store cannot be read.");
    EXPECT_TRUE(erase()->proven) << "the next time it is";
    EXPECT_EQ(history().show(1)->summary.title, "");
}

TEST(Remains, CannotSayThatNothingIsLeftInAFileThatCannotBeRead) {
    EXPECT_EQ(search_files("/nowhere/crosswalk.db", {"x"}).error().code, ErrorCode::unavailable);
    support::TemporaryFolder const folder;
    auto const path = folder.path() / "crosswalk.db";
    std::ofstream(path) << "the content";
    EXPECT_FALSE(search_files(path, {"x"})->found);
    // Something that opens and cannot be read.
    std::filesystem::create_directory(folder.path() / "crosswalk.db-wal");
    EXPECT_EQ(search_files(path, {"x"}).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace crosswalk::store
