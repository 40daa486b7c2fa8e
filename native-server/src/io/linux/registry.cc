#include "io/registry.h"

#include "io/linux/epoll.h"
#include "io/linux/io_uring.h"

namespace oversoak::io {
namespace {

template <typename Kind>
std::unique_ptr<Notifier> make(const IocpSettings&) {
  return std::make_unique<Kind>();
}

constexpr NotifierKind kNotifiers[] = {
    {"epoll", make<Epoll>},
    {"io-uring", make<IoUring>},
};

}  // namespace

std::span<const NotifierKind> all_notifiers() noexcept { return kNotifiers; }

}  // namespace oversoak::io
