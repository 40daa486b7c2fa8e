#include "io/registry.h"

#include "io/linux/accept_ring.h"
#include "io/linux/epoll.h"
#include "io/linux/io_uring.h"

namespace oversoak::io {
namespace {

template <typename Kind>
std::unique_ptr<Notifier> make(const IocpSettings&) {
  return std::make_unique<Kind>();
}

std::unique_ptr<Acceptor> make_accept_ring(Socket listening) {
  return std::make_unique<AcceptRing>(listening);
}

constexpr NotifierKind kNotifiers[] = {
    {"epoll", make<Epoll>},
    {"io-uring", make<IoUring>, make_accept_ring},
};

}  // namespace

std::span<const NotifierKind> all_notifiers() noexcept { return kNotifiers; }

}  // namespace oversoak::io
