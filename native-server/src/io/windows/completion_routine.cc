#include "io/windows/completion_routine.h"

#include <limits>

#include "fatal.h"
#include "io/windows/timeout.h"

namespace oversoak::io {
namespace {

// More than any thread needs from its last APC to its end.
constexpr DWORD kEnding_ms = 10'000;

}  // namespace

CompletionRoutine::CompletionRoutine() {
  if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread_, 0,
                       FALSE, DUPLICATE_SAME_ACCESS)) {
    fatal("DuplicateHandle of the current thread failed", GetLastError());
  }
}

CompletionRoutine::~CompletionRoutine() { CloseHandle(thread_); }

std::size_t CompletionRoutine::capacity() const noexcept {
  return std::numeric_limits<std::size_t>::max();
}

Error CompletionRoutine::open(Channel&) { return {}; }

void CompletionRoutine::close(Channel&) noexcept {}

void CompletionRoutine::prepare(Operation& operation) noexcept {
  operation.system = {};
  operation.system.hEvent = reinterpret_cast<WSAEVENT>(this);
}

Error CompletionRoutine::receive(Channel& channel, std::span<std::byte> into) {
  prepare(channel.receive);
  return issued_with(channel.receive, call_receive(channel, into, &completed));
}

Sent CompletionRoutine::send(Channel& channel, std::span<const std::byte> bytes) {
  prepare(channel.send);
  return {issued_with(channel.send, call_send(channel, bytes, &completed))};
}

// Runs on the issuing thread, within an alertable wait of it; never nested for one socket.
void CALLBACK CompletionRoutine::completed(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped,
                                           DWORD) {
  auto* self = reinterpret_cast<CompletionRoutine*>(overlapped->hEvent);
  auto* operation = reinterpret_cast<Operation*>(overlapped);
  self->gathering_.push_back({operation->channel, operation->kind, bytes, Error(error)});
}

std::span<const Completion> CompletionRoutine::wait(std::int64_t until_ns) {
  const bool idle = gathering_.empty() && !woken_.load();
  // Returns at once when routines are queued, after all of them have run.
  SleepEx(milliseconds_until(idle ? until_ns : kNow), TRUE);
  // An exchange (not a store): this thread then sees what was written before a redundant wake().
  woken_.exchange(false);
  batch_.clear();
  batch_.swap(gathering_);
  for (const Completion& completion : batch_) {
    Channel& channel = *completion.channel;
    const bool received = completion.kind == OperationKind::receive;
    (received ? channel.receive : channel.send).outstanding = false;
  }
  count_batch(batch_);
  return batch_;
}

void CompletionRoutine::wake() noexcept {
  if (woken_.exchange(true)) return;
  // An empty routine is enough: any APC ends the wait.
  if (QueueUserAPC([](ULONG_PTR) {}, thread_, 0) != 0) return;
  const DWORD error = GetLastError();
  // The thread may have seen the request to end and be exiting before this wake. It then accepts no
  // APC, and its handle is not signalled yet.
  if (WaitForSingleObject(thread_, kEnding_ms) != WAIT_OBJECT_0) {
    fatal("QueueUserAPC failed", error);
  }
}

}  // namespace oversoak::io
