// What the network adapters do of TCP themselves.
#include <cwchar>
#include <initializer_list>
#include <optional>
#include <string>

#include "probes/families.h"

namespace oversoak::probes {
namespace {

// The class of network adapters; one key below it for each, with the settings of its driver under
// the names that Windows standardises ("Standardized INF Keywords").
constexpr const wchar_t* kAdapters =
    L"SYSTEM\\CurrentControlSet\\Control\\Class\\{4D36E972-E325-11CE-BFC1-08002BE10318}";

class AdapterClass {
 public:
  explicit AdapterClass(const Calls& calls) : calls_(calls) {
    if (calls_.RegOpenKeyExW(HKEY_LOCAL_MACHINE, kAdapters, 0, KEY_READ, &key_) != ERROR_SUCCESS) {
      throw Unsupported("the platform keeps no settings of network adapters");
    }
  }
  ~AdapterClass() { RegCloseKey(key_); }
  AdapterClass(const AdapterClass&) = delete;
  AdapterClass& operator=(const AdapterClass&) = delete;

  // False: there are no more.
  bool name(DWORD index, std::wstring& into) const {
    wchar_t text[256];
    DWORD length = 256;
    if (calls_.RegEnumKeyExW(key_, index, text, &length, nullptr, nullptr, nullptr, nullptr) !=
        ERROR_SUCCESS) {
      return false;
    }
    into = text;
    return true;
  }

  // Nothing: the adapter has no such setting.
  std::optional<bool> enabled(const std::wstring& adapter, const wchar_t* setting) const {
    wchar_t text[32] = {};
    DWORD size = sizeof(text);
    if (calls_.RegGetValueW(key_, adapter.c_str(), setting, RRF_RT_REG_SZ, nullptr, text, &size) !=
        ERROR_SUCCESS) {
      return std::nullopt;
    }
    return std::wcscmp(text, L"0") != 0;
  }

  // One of several settings.
  std::optional<bool> any_enabled(const std::wstring& adapter,
                                  std::initializer_list<const wchar_t*> settings) const {
    std::optional<bool> any;
    for (const wchar_t* setting : settings) {
      const auto found = enabled(adapter, setting);
      if (found) any = any.value_or(false) || *found;
    }
    return any;
  }

 private:
  const Calls& calls_;
  HKEY key_ = nullptr;
};

void segmentation_offload(const Calls& calls, Findings& findings) {
  const AdapterClass adapters(calls);
  std::size_t reporting = 0;
  std::size_t segmenting = 0;
  std::size_t coalescing = 0;
  std::wstring name;
  for (DWORD i = 0; adapters.name(i, name); ++i) {
    const auto segments = adapters.any_enabled(name, {L"*LsoV1IPv4", L"*LsoV2IPv4", L"*LsoV2IPv6"});
    if (!segments) continue;
    ++reporting;
    if (*segments) ++segmenting;
    if (adapters.any_enabled(name, {L"*RscIPv4", L"*RscIPv6"}).value_or(false)) ++coalescing;
  }
  if (reporting == 0) throw Unsupported("no network adapter reports whether it segments");
  findings.figure("adapters", reporting);
  findings.figure("segmentingAdapters", segmenting);
  findings.figure("coalescingAdapters", coalescing);
  findings.expect(segmenting > 0, "an adapter that cuts large sends into segments itself");
}

// Opposite: one adapter, and all of it is switched off.
void plant_idle_adapter(Calls& calls) {
  calls.RegOpenKeyExW = [](HKEY root, LPCWSTR, DWORD, REGSAM, PHKEY key) -> LSTATUS {
    return ::RegOpenKeyExW(root, L"SOFTWARE", 0, KEY_READ, key);
  };
  calls.RegEnumKeyExW = [](HKEY, DWORD index, LPWSTR name, LPDWORD, LPDWORD, LPWSTR, LPDWORD,
                           PFILETIME) -> LSTATUS {
    if (index > 0) return ERROR_NO_MORE_ITEMS;
    name[0] = L'0';
    name[1] = L'\0';
    return ERROR_SUCCESS;
  };
  calls.RegGetValueW = [](HKEY, LPCWSTR, LPCWSTR, DWORD, LPDWORD, PVOID text, LPDWORD) -> LSTATUS {
    static_cast<wchar_t*>(text)[0] = L'0';
    static_cast<wchar_t*>(text)[1] = L'\0';
    return ERROR_SUCCESS;
  };
}

constexpr Probe kProbes[] = {
    {"adapters-segment", segmentation_offload, plant_idle_adapter},
};

}  // namespace

Probes offload_probes() { return kProbes; }

}  // namespace oversoak::probes
