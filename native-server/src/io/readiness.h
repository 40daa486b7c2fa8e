#pragma once

#include <atomic>
#include <vector>

#include "io/notifier.h"

namespace oversoak::io {

// What the readiness models share. The system reports that an operation may be attempted, not that
// one has completed: a posted receive is kept, and recv() is called when the socket is readable; a
// send is attempted at once, and what does not fit waits until the socket is writable. Completions
// come out of `wait`, as under the overlapped models, except for a send that the socket accepted
// whole. Sockets are non-blocking, so readiness is only a hint: a false one costs a call that fails
// with "would block".
class Readiness : public Notifier {
 public:
  // Whether the system reports a socket again while unread bytes remain (level: select, and the
  // Windows models after each recv), or only when more bytes arrive (edge: epoll with EPOLLET).
  // Under edge a socket counts as readable for as long as a receive fills its buffer.
  enum class Trigger : std::uint8_t { level, edge };

  explicit Readiness(Trigger trigger = Trigger::level) : trigger_(trigger) {}

  Error open(Channel& channel) final;
  void close(Channel& channel) noexcept final;
  Error receive(Channel& channel, std::span<std::byte> into) final;
  Sent send(Channel& channel, std::span<const std::byte> bytes) final;
  void cancel(Channel& channel) noexcept final;
  std::span<const Completion> wait(std::int64_t until_ns) final;
  void wake() noexcept final;

 protected:
  // What is posted on a channel. A channel keeps its slot while it is open.
  struct Slot {
    Channel* channel = nullptr;  // none: the slot is free
    std::span<std::byte> into;
    std::span<const std::byte> left;  // of the send
    std::size_t taken = 0;            // of the send
    bool receiving = false;           // posted, not finished
    bool sending = false;
    bool connecting = false;
    bool readable = false;  // reported, and no recv since has failed with "would block"
    bool at_end = false;    // the end was reported: no further report of readable bytes comes
  };

  const std::vector<Slot>& slots() const noexcept { return slots_; }

  // Registers and deregisters the socket of a channel that has its slot.
  virtual Error watch(Channel& channel) = 0;
  virtual void unwatch(Channel& channel) noexcept = 0;

  // Waits for reports of the system, and calls one of the four functions below for each.
  virtual void poll(std::int64_t until_ns) = 0;

  // Any thread: ends the current `poll`, or the next one. Not called again before `woken`.
  virtual void interrupt() noexcept = 0;

  void woken() noexcept;
  void readable(std::size_t slot);
  void writable(std::size_t slot);
  // The peer has ended or reset the connection; there may be bytes left to be read.
  void ended(std::size_t slot);

  // A connect is in progress; it can be cancelled until `end_connect`.
  void begin_connect(Channel& channel) noexcept;
  bool is_connecting(std::size_t slot) const noexcept { return slots_[slot].connecting; }
  void end_connect(std::size_t slot, Error error);

 private:
  void try_receive(Slot& slot);
  void try_send(Slot& slot);
  // Sends until everything is sent (no error) or a call fails; after "would block" the system
  // reports when the socket is writable.
  Error push(Slot& slot) noexcept;
  void finish(Operation& operation, std::size_t bytes, Error error);

  const Trigger trigger_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;      // slots
  std::vector<std::size_t> readable_;  // slots that were readable before their receive was posted
  std::vector<Completion> done_;       // for the next wait
  std::vector<Completion> batch_;
  std::atomic<bool> interrupting_{false};
};

}  // namespace oversoak::io
