#include "io/windows/completion_routine.h"

#include <limits>

#include "fatal.h"
#include "io/windows/timeout.h"

namespace oversoak::io {

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

Error CompletionRoutine::send(Channel& channel, std::span<const std::byte> bytes) {
  prepare(channel.send);
  return issued_with(channel.send, call_send(channel, bytes, &completed));
}

// Runs on the issuing thread, within its alertable wait; never nested for one socket.
void CALLBACK CompletionRoutine::completed(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped,
                                           DWORD) {
  auto* self = reinterpret_cast<CompletionRoutine*>(overlapped->hEvent);
  auto* operation = reinterpret_cast<Operation*>(overlapped);
  operation->outstanding = false;
  self->gathering_.push_back({operation->channel, operation->kind, bytes, Error(error)});
}

std::span<const Completion> CompletionRoutine::wait(std::int64_t until_ns) {
  gathering_.clear();
  // Returns at once when routines are queued, after all of them have run.
  SleepEx(milliseconds_until(until_ns), TRUE);
  count_batch(gathering_);
  return gathering_;
}

void CompletionRoutine::wake() noexcept {
  // An empty routine is enough: any APC ends the wait.
  if (QueueUserAPC([](ULONG_PTR) {}, thread_, 0) != 0) return;
  const DWORD error = GetLastError();
  // A thread that was told to end may have ended before it was woken for that.
  if (WaitForSingleObject(thread_, 0) != WAIT_OBJECT_0) fatal("QueueUserAPC failed", error);
}

}  // namespace oversoak::io
