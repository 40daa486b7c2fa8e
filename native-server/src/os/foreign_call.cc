#include "os/foreign_call.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "fatal.h"
#include "os/foreign_crash.h"

namespace oversoak::os {
namespace {

// Of this thread; null: its code is ours. A signal handler reads them, so nothing constructs them.
constinit thread_local const char* called_code = nullptr;
constinit thread_local const char* called_function = nullptr;

// A line without memory from the heap, which may be what is broken.
class Line {
 public:
  template <typename... Parts>
  explicit Line(Parts... parts) noexcept {
    add(kFatal);
    (add(parts), ...);
    text_[size_++] = '\n';
  }
  void write() const noexcept { write_error(text_.data(), size_); }

 private:
  void add(const char* part) noexcept {
    const std::size_t size = std::min(std::strlen(part), text_.size() - 1 - size_);
    std::memcpy(text_.data() + size_, part, size);
    size_ += size;
  }

  std::array<char, 1536> text_;
  std::size_t size_ = 0;
};

// Destroyed with a call open: the code has ended its thread, or the process, for exit() does this
// in the thread that calls it.
struct ThreadEnd {
  void watch() noexcept {}
  ~ThreadEnd() {
    if (called_code == nullptr) return;
    const Line line(called_code, " ended its thread or the process in ", called_function);
    called_code = nullptr;
    line.write();
    abort_process();
  }
};
thread_local ThreadEnd thread_end;

struct KnownCode {
  std::array<char, 160> code{};
  CodeRange range{};
};
// More than any process loads. The JavaScript thread adds, crashes read.
std::array<KnownCode, 16> known;
std::atomic<std::size_t> known_count{0};

const char* code_with(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (std::size_t i = 0; i < known_count.load(std::memory_order_acquire); ++i) {
    const KnownCode& each = known[i];
    if (at >= each.range.begin && at < each.range.end) return each.code.data();
  }
  return nullptr;
}

}  // namespace

ForeignCall::ForeignCall(const char* code, const char* function) noexcept {
  thread_end.watch();
  called_code = code;
  called_function = function;
}

ForeignCall::~ForeignCall() { called_code = nullptr; }

void report_foreign_crashes() noexcept { watch_crashes(); }

void know_foreign_code(const char* code, const void* address) noexcept {
  const std::size_t index = known_count.load(std::memory_order_relaxed);
  if (index == known.size()) return;
  KnownCode& added = known[index];
  std::strncpy(added.code.data(), code, added.code.size() - 1);
  added.range = module_around(address);
  known_count.store(index + 1, std::memory_order_release);
}

bool report_crash(const char* how, const void* address) noexcept {
  if (called_code != nullptr) {
    Line(called_code, " crashed in ", called_function, " (", how, ")").write();
    // Once: the end of the process that follows is no other fault.
    called_code = nullptr;
    return true;
  }
  const char* const code = code_with(address);
  if (code == nullptr) return false;
  Line(code, " crashed in a thread of its own (", how, ")").write();
  return true;
}

void end_process(const char* code, const char* did) noexcept {
  called_code = nullptr;
  Line(code, " ", did).write();
  abort_process();
}

}  // namespace oversoak::os
