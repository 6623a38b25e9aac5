// What a sanitizer finds in a worker process must be seen: a worker gets neither the environment of its tests nor their
// stderr. So it ends at once, which its host and their test notice, and says why in a file where the test ran,
// sanitized-worker.<process>.
extern "C" {

char const* __asan_default_options() {
    return "detect_stack_use_after_return=1:strict_string_checks=1:log_path=sanitized-worker";
}

char const* __ubsan_default_options() {
    return "halt_on_error=1:print_stacktrace=1:log_path=sanitized-worker";
}

char const* __tsan_default_options() {
    return "halt_on_error=1:second_deadlock_stack=1:log_path=sanitized-worker";
}
}
