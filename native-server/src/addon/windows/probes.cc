#include "addon/probes.h"

#include <memory>
#include <string>

#include "addon/blocking.h"
#include "addon/record.h"
#include "fatal.h"
#include "probes/registry.h"
#include "probes/run.h"

namespace oversoak::addon {
namespace {

using probes::Answer;
using probes::Outcome;
using probes::Plant;
using probes::Probe;

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
      return "holds";
    case Outcome::does_not_hold:
      return "does-not-hold";
    case Outcome::unsupported:
      return "unsupported";
    case Outcome::inconclusive:
      return "inconclusive";
  }
  fatal("an outcome without a name");
}

std::optional<Plant> find_plant(const std::string& name) {
  if (name == "nothing") return Plant::nothing;
  if (name == "opposite") return Plant::opposite;
  if (name == "hang") return Plant::hang;
  return std::nullopt;
}

Napi::Value answer_record(Napi::Env env, const Answer& answer) {
  Napi::Array figures = Napi::Array::New(env, answer.figures.size());
  for (std::uint32_t i = 0; i < answer.figures.size(); ++i) {
    const probes::Figure& figure = answer.figures[i];
    Record record(env);
    if (!figure.row.empty()) record.set("row", figure.row);
    record.set("name", figure.name);
    record.put("value", figure.value ? Napi::Number::New(env, *figure.value) : env.Null());
    figures.Set(i, record.object());
  }
  return Record(env)
      .set("outcome", name_of(answer.outcome))
      .set("note", answer.note)
      .set("elapsedMs", answer.elapsed_ms)
      .put("figures", figures)
      .object();
}

Napi::Value probe_names(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (const Probe& probe : probes::all_probes()) {
    names.Set(names.Length(), Napi::String::New(info.Env(), probe.name));
  }
  return names;
}

Napi::Value run_probe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Probe* probe = probes::find_probe(info[0].ToString().Utf8Value());
  if (probe == nullptr) throw Napi::TypeError::New(env, "name: must be one of probeNames()");
  const std::optional<Plant> plant = find_plant(info[1].ToString().Utf8Value());
  if (!plant) throw Napi::TypeError::New(env, "plant: must be nothing, opposite or hang");
  // Written on the pool's thread, read on the JavaScript thread once that is done.
  const auto answer = std::make_shared<Answer>();
  return Blocking::start(
      env, [answer, probe, plant] { *answer = probes::run(*probe, *plant); },
      [answer](Napi::Env at) { return answer_record(at, *answer); });
}

}  // namespace

void export_probes(Napi::Env env, Napi::Object exports) {
  exports.Set("probeNames", Napi::Function::New(env, probe_names));
  exports.Set("runProbe", Napi::Function::New(env, run_probe));
}

}  // namespace oversoak::addon
