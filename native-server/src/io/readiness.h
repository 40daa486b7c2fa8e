#pragma once

#include <atomic>
#include <vector>

#include "io/notifier.h"

namespace oversoak::io {

// What the readiness models share. They are not told that an operation has finished, but that one
// can be tried: a receive is noted and done by recv() when the socket has something; a send is
// tried at once, and what the socket does not take waits until it takes more. The results come out
// of `wait`, as under the overlapped models, except of a send that the socket took whole. Sockets
// are made non-blocking, so every word of readiness is a hint only: a wrong one costs a call that
// answers that it would block.
class Readiness : public Notifier {
 public:
  // What the system tells: that a receive has left something (Windows; select), or only that more
  // has come (edge-triggered epoll). Then a socket stays readable while receives fill their room.
  enum class Telling : std::uint8_t { remains, changes };

  explicit Readiness(Telling telling = Telling::remains) : telling_(telling) {}

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
    bool readable = false;  // said, and not said again before a recv
    bool at_end = false;    // said once: what is left to be read is said no more
  };

  const std::vector<Slot>& slots() const noexcept { return slots_; }

  // Begins and ends the telling of a channel, which has its slot.
  virtual Error watch(Channel& channel) = 0;
  virtual void unwatch(Channel& channel) noexcept = 0;

  // Waits and passes on, by the four functions below, all that it was told.
  virtual void look(std::int64_t until_ns) = 0;

  // Any thread: ends `look`, or the next one. Not called again until `woken` has been.
  virtual void interrupt() noexcept = 0;

  void woken() noexcept;
  void readable(std::size_t slot);
  void writable(std::size_t slot);
  // The peer has ended or reset the connection; there may be bytes left to be read.
  void ended(std::size_t slot);

  // A connect has begun, which can be given up until it ends.
  void begin_connect(Channel& channel) noexcept;
  bool is_connecting(std::size_t slot) const noexcept { return slots_[slot].connecting; }
  void end_connect(std::size_t slot, Error error);

 private:
  void try_receive(Slot& slot);
  void try_send(Slot& slot);
  // Sends until all is taken, or the socket takes no more and will say when: the error, or 0.
  Error push(Slot& slot) noexcept;
  void finish(Operation& operation, std::size_t bytes, Error error);

  const Telling telling_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;      // slots
  std::vector<std::size_t> readable_;  // slots that were readable before their receive was posted
  std::vector<Completion> done_;       // for the next wait
  std::vector<Completion> batch_;
  std::atomic<bool> interrupting_{false};
};

}  // namespace oversoak::io
