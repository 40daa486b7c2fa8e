#include "probes/pages.h"

#include "io/sockets.h"
#include "io/windows/winsock.h"
#include "probes/findings.h"

namespace oversoak::probes {
namespace {

constexpr std::size_t kPageBytes = 4096;

void protect(char* pages, std::size_t size) {
  DWORD before = 0;
  if (!VirtualProtect(pages, size, PAGE_NOACCESS, &before)) {
    throw Inconclusive("VirtualProtect failed: " + io::Error(GetLastError()).describe());
  }
}

}  // namespace

Pages::Pages(std::size_t bytes)
    : base_(nullptr), usable_((bytes + kPageBytes - 1) / kPageBytes * kPageBytes) {
  base_ = static_cast<char*>(
      VirtualAlloc(nullptr, usable_ + kPageBytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
  if (base_ == nullptr) throw Inconclusive("VirtualAlloc failed");
  bytes_ = {base_ + usable_ - bytes, bytes};
  protect(base_ + usable_, kPageBytes);
}

Pages::~Pages() { VirtualFree(base_, 0, MEM_RELEASE); }

void Pages::forbid() { protect(base_, usable_); }

}  // namespace oversoak::probes
