// The unit tests' main(); everything else in this folder's .cc files is test cases.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
