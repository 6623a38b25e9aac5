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
};

[[nodiscard]] std::vector<Operation> inbox_operations();
[[nodiscard]] std::vector<Operation> outbox_operations();
[[nodiscard]] std::vector<Operation> run_operations();
[[nodiscard]] std::vector<Operation> state_operations();
[[nodiscard]] std::vector<Operation> letter_operations();
[[nodiscard]] std::vector<Operation> history_operations();
[[nodiscard]] std::vector<Operation> person_operations();

}  // namespace crosswalk::store
