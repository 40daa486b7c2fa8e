// In place of the fleet's notifier: the same with waits of whole milliseconds, as epoll_wait has
// them. What waits in nanoseconds gain and cost is the difference.
#include "io/linux/epoll.h"
#include "io/registry.h"
#include "os/clock.h"

namespace oversoak::io {
namespace {

class MillisecondWaits final : public Notifier {
 public:
  std::size_t capacity() const noexcept override { return epoll_.capacity(); }
  Error open(Channel& channel) override { return epoll_.open(channel); }
  void close(Channel& channel) noexcept override { epoll_.close(channel); }
  Error receive(Channel& channel, std::span<std::byte> into) override {
    return epoll_.receive(channel, into);
  }
  Sent send(Channel& channel, std::span<const std::byte> bytes) override {
    return epoll_.send(channel, bytes);
  }
  Error connect(Channel& channel, const Address& server) override {
    return epoll_.connect(channel, server);
  }
  void cancel(Channel& channel) noexcept override { epoll_.cancel(channel); }
  void wake() noexcept override { epoll_.wake(); }

  std::span<const Completion> wait(std::int64_t until_ns) override {
    constexpr std::int64_t kMillisecond_ns = 1'000'000;
    if (until_ns == kForever || until_ns == kNow) return epoll_.wait(until_ns);
    const std::int64_t now_ns = os::now_ns();
    const std::int64_t left_ms = (until_ns - now_ns + kMillisecond_ns - 1) / kMillisecond_ns;
    return epoll_.wait(left_ms <= 0 ? kNow : now_ns + left_ms * kMillisecond_ns);
  }

 private:
  Epoll epoll_;
};

}  // namespace

std::unique_ptr<Notifier> make_fleet_notifier() { return std::make_unique<MillisecondWaits>(); }

}  // namespace oversoak::io
