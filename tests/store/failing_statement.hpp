// A database that refuses one statement when told to, whichever it is.
//
// Shape    counts the statements that begin on connections opened while it lives and interrupts the one it is told to.
//          What only opens and ends transactions cannot be interrupted and is not counted; failing_vfs.hpp fails those.
// Threads  safe from any thread. Owner  at most one at a time; it outlives the stores that are opened meanwhile.
#pragma once

namespace crosswalk::store {

class FailingStatement {
public:
    FailingStatement();
    FailingStatement(FailingStatement const&) = delete;
    FailingStatement& operator=(FailingStatement const&) = delete;
    ~FailingStatement();

    // The statement after `statements` more is refused, once; so is a second try that the writer makes by itself.
    void fail_after(int statements);
    // Each statement that begins with this is refused, also one that is not counted. The text outlives this object.
    void refuse(char const* beginning);
    // No further one is refused. True when one was.
    bool heal();
    // Since fail_after or refuse.
    [[nodiscard]] bool has_refused() const;
};

}  // namespace crosswalk::store
