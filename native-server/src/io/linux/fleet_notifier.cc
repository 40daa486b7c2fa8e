#include "io/linux/epoll.h"
#include "io/registry.h"

namespace oversoak::io {

std::unique_ptr<Notifier> make_fleet_notifier() { return std::make_unique<Epoll>(); }

}  // namespace oversoak::io
