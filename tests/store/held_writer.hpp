// Holds a store's writer in a write of its own, so that what is written meanwhile shares the next batch.
#pragma once

#include "store/database.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace crosswalk::store {

class HeldWriter {
public:
    explicit HeldWriter(Database& database)
        : writes_([this, &database] {
              EXPECT_TRUE(database.write([this](Batch&) -> model::Result<void> {
                  entered_.set_value();
                  go_on_.get_future().wait();
                  return {};
              }));
          }) {
        entered_.get_future().wait();
    }
    HeldWriter(HeldWriter const&) = delete;
    HeldWriter& operator=(HeldWriter const&) = delete;
    ~HeldWriter() { release(); }

    // Returns when the write that held it is committed.
    void release() {
        if (writes_.joinable()) {
            go_on_.set_value();
            writes_.join();
        }
    }

private:
    std::promise<void> entered_;
    std::promise<void> go_on_;
    std::thread writes_;  // last, because it uses the others
};

}  // namespace crosswalk::store
