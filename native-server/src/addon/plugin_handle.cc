#include "addon/plugin_handle.h"

#include <cstdint>
#include <string>

#include "addon/record.h"
#include "os/code_file.h"
#include "os/foreign_call.h"

namespace oversoak::addon {
namespace {

using Loaded = std::shared_ptr<const fleet::Plugin>;

// Loading runs what the library does at its begin.
oversoak_plugin_function load_function(os::CodeFile& code, const std::string& name) {
  static const bool reports = [] {
    os::report_foreign_crashes();
    return true;
  }();
  static_cast<void>(reports);
  const os::ForeignCall call(name.c_str(), "its initialisation");
  void* const function = code.load("oversoak_plugin");
  if (function != nullptr) os::know_foreign_code(name.c_str(), function);
  return reinterpret_cast<oversoak_plugin_function>(function);
}

}  // namespace

Napi::Value load_plugin(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "plugin: must be an object");
  if (!info[1].IsFunction()) throw Napi::TypeError::New(env, "check: must be a function");
  const Fields fields(info[0].As<Napi::Object>(), "");
  const std::string file = fields.text("file");
  os::CodeFile code(fields.text("path"));
  const auto& bytes = code.bytes();
  info[1].As<Napi::Function>().Call({Napi::Buffer<std::uint8_t>::Copy(
      env, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())});
  const auto exported = load_function(code, fleet::plugin_name(file));
  const auto plugin = std::make_shared<const fleet::Plugin>(file, fields.text("options"), exported);
  return Record(env)
      .count("longestRequestBytes", plugin->longest_request_bytes())
      .count("longestAnswerBytes", plugin->longest_answer_bytes())
      .put("plugin", Napi::External<Loaded>::New(env, new Loaded(plugin),
                                                 [](Napi::Env, Loaded* kept) { delete kept; }))
      .object();
}

std::shared_ptr<const fleet::Plugin> read_plugin(const Fields& fields, const char* name) {
  return fields.external<Loaded>(name);
}

}  // namespace oversoak::addon
