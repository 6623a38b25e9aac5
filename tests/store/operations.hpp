// Every call of the store, each with what must be there before it: what FailingStatementTest and FailingCipherTest
// refuse in turn.
#pragma once

#include "store/dead_letters.hpp"
#include "store/links.hpp"
#include "store/sealed.hpp"
#include "store_fixture.hpp"

#include <functional>
#include <map>
#include <optional>
#include <ostream>

namespace crosswalk::store {

class OperationTest;

struct Operation {
    char const* name;
    std::function<void(OperationTest&)> prepare;
    std::function<std::optional<model::Error>(OperationTest&)> run;
    bool in_steps = false;  // works in several transactions, so that the first may stay when the second fails
};
std::ostream& operator<<(std::ostream& out, Operation const& operation);

class OperationTest : public StoreFixture, public testing::WithParamInterface<Operation> {
public:
    using StoreFixture::clock_;
    using StoreFixture::dispatched;
    using StoreFixture::event;
    using StoreFixture::history;
    using StoreFixture::inbox;
    using StoreFixture::lease;
    using StoreFixture::options_;
    using StoreFixture::outbox;
    using StoreFixture::push;
    using StoreFixture::reopen;
    using StoreFixture::report;
    using StoreFixture::running;
    using StoreFixture::runs;
    using StoreFixture::selection;
    using StoreFixture::settle;
    using StoreFixture::state;
    using StoreFixture::tamper;
    using StoreFixture::turn;
    using StoreFixture::webhook;
    [[nodiscard]] Store& store() { return *store_; }
    [[nodiscard]] DeadLetters dead() { return DeadLetters(*store_); }
    [[nodiscard]] Links links() { return Links(*store_); }
    [[nodiscard]] Sealed sealed() { return Sealed(*store_); }

protected:
    // A new file, with what the operation needs.
    void begin() {
        store_.reset();
        for (char const* const suffix : {"", "-wal", "-shm"}) {
            std::filesystem::path path = options_.path;
            std::filesystem::remove(path += suffix);
        }
        items_ = 0;
        open();
        ASSERT_FALSE(HasFatalFailure());
        GetParam().prepare(*this);
    }
    // After begin(), and after each that follows: what the fault that is tested needs besides.
    virtual void begun() {}
    // Runs the operation with each thing that `faults` can refuse refused in turn, until nothing is: the call says so,
    // nothing of it stays, and the same call works afterwards as if nothing had been. What was said is in `refusals_`.
    template <class Faults>
    void refuse_in_turn(Faults& faults) {
        begin();
        ASSERT_FALSE(HasFatalFailure());
        begun();
        auto const before = picture();
        for (int n = 0;; ++n) {
            SCOPED_TRACE("number " + std::to_string(n) + " is refused");
            ASSERT_LT(n, 200) << "a call does a limited number of things";
            if (GetParam().in_steps && n > 0) {
                begin();
                ASSERT_FALSE(HasFatalFailure());
                begun();
            }
            faults.fail_after(n);
            auto const failed = GetParam().run(*this);
            bool const refused = faults.heal();
            ASSERT_EQ(failed.has_value(), refused) << (failed ? failed->detail : "the refusal was not reported");
            if (!refused) {
                break;
            }
            EXPECT_FALSE(failed->detail.empty());
            refusals_.push_back(failed->code);
            if (!GetParam().in_steps) {
                EXPECT_EQ(picture(), before) << "something of the failed call stays";
            }
        }
        EXPECT_EQ(history().conservation()->difference(), 0);
        EXPECT_TRUE(store_->probe());
    }
    // What stands in the file: each table with its rows.
    [[nodiscard]] std::map<std::string, std::string> picture() const {
        std::map<std::string, std::string> all;
        sqlite3* handle = nullptr;
        EXPECT_EQ(sqlite3_open(options_.path.string().c_str(), &handle), SQLITE_OK);
        auto const add = [](void* text, int columns, char** values, char**) {
            for (int i = 0; i < columns; ++i) {
                static_cast<std::string*>(text)->append(values[i] == nullptr ? "NULL" : values[i]).append("|");
            }
            static_cast<std::string*>(text)->append("\n");
            return 0;
        };
        std::string tables;
        sqlite3_exec(handle, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", add, &tables,
                     nullptr);
        std::istringstream names(tables);
        for (std::string name; std::getline(names, name, '|'); names.ignore()) {
            std::string const sql = "SELECT * FROM " + name;
            EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), add, &all[name], nullptr), SQLITE_OK) << sql;
        }
        sqlite3_close(handle);
        return all;
    }

    std::vector<model::ErrorCode> refusals_;
};

// Each has a name of its own.
[[nodiscard]] std::vector<Operation> all_operations();
[[nodiscard]] std::string name_of(testing::TestParamInfo<Operation> const& of);

}  // namespace crosswalk::store
