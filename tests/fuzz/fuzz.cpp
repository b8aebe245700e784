#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/fuzz/fuzz.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

namespace {

void end_with(const char* sentence) {
    std::fprintf(stderr, "broken promise: %s\n", sentence);
    std::abort();
}

/// What the support of the tests checks is checked here as well, and ends the program.
void on_check(const doctest::AssertData& check) {
    if (check.m_failed) end_with(check.m_expr);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    static doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    context.setAssertHandler(on_check);
    return 0;
}

namespace fuzz {

void must_be_empty(const std::string& sentence) {
    if (!sentence.empty()) end_with(sentence.c_str());
}

void must(bool kept, const char* promise) {
    if (!kept) end_with(promise);
}

}  // namespace fuzz
