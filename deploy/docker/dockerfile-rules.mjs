// Rules for all Dockerfiles here, in addition to the language's syntax. Pure.
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { isInContext } from './build-context.mjs';

/** @typedef {{ line: number, text: string }} Finding */

/**
 * @param {string} content of a Dockerfile
 * @param {string[]} context the files that its build gets
 * @returns {{ findings: Finding[], scripts: Finding[] }} what is wrong; and the shell scripts of its
 *   RUN instructions with the line that they begin at
 */
export function checkDockerfile(content, context) {
  const dockerfile = DockerfileParser.parse(content);
  const stages = readStages(dockerfile);
  const scripts = stages.flatMap(({ instructions }) => instructions.flatMap(scriptOf));
  const language = validate(content).map(({ range, message }) => ({
    line: range.start.line + 1,
    text: message,
  }));
  const findings = [
    ...language,
    ...stages.flatMap((stage) => basePinned(stage, dockerfile, stages)),
    ...stages.filter((stage) => !isUsed(stage, stages)).flatMap(finalStage),
    ...stages.flatMap(({ instructions }) => instructions.flatMap(instructionFindings)),
    ...stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) => copyFindings(instruction, context)),
    ),
    ...scripts.flatMap(aptFindings),
  ];
  return { findings: findings.sort((a, b) => a.line - b.line), scripts };
}

function readStages(dockerfile) {
  const stages = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [image = '', as, name] = words(instruction);
      stages.push({
        image,
        name: as === undefined ? undefined : name,
        from: instruction,
        instructions: [],
      });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

const words = (instruction) => instruction.getArguments().map((argument) => argument.getValue());
const lineOf = (instruction) => instruction.getRange().start.line + 1;

/** An external image is pinned by its digest, directly or through the default of an ARG. */
function basePinned({ image, from }, dockerfile, stages) {
  if (stages.some(({ name }) => name === image)) return [];
  const resolved = image.replaceAll(/\$\{?(\w+)\}?/g, (_, name) =>
    argumentDefault(dockerfile, name),
  );
  if (/:[^@/]+@sha256:[0-9a-f]{64}$/.test(resolved)) return [];
  return [{ line: lineOf(from), text: `the base image ${image} is not pinned by tag and digest` }];
}

function argumentDefault(dockerfile, name) {
  const values = dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === 'ARG')
    .flatMap(words)
    .map((word) => word.split(/=(.*)/s));
  return values.find(([argument]) => argument === name)?.[1] ?? '';
}

function isUsed({ name }, stages) {
  return stages.some(
    ({ image, instructions }) =>
      image === name ||
      instructions.some((instruction) =>
        (instruction.getFlags?.() ?? []).some(
          (flag) => flag.getName() === 'from' && flag.getValue() === name,
        ),
      ),
  );
}

/** An image that is run has a non-root user and a health check. */
function finalStage({ from, name, instructions }) {
  const line = lineOf(from);
  const last = (keyword) => instructions.findLast((each) => each.getKeyword() === keyword);
  const user = last('USER');
  const findings = [];
  if (user === undefined || /^(root|0)(:|$)/.test(words(user)[0] ?? '')) {
    findings.push({ line, text: `the image ${name ?? ''} runs as root: it needs a USER` });
  }
  if (last('HEALTHCHECK') === undefined) {
    findings.push({ line, text: `the image ${name ?? ''} has no HEALTHCHECK` });
  }
  return findings;
}

function instructionFindings(instruction) {
  const line = lineOf(instruction);
  const keyword = instruction.getKeyword();
  const text = instruction.getRawArgumentsContent() ?? '';
  if (keyword === 'ADD') return [{ line, text: 'COPY instead of ADD' }];
  if (['CMD', 'ENTRYPOINT'].includes(keyword) && !text.startsWith('[')) {
    return [{ line, text: `${keyword} in JSON form: a shell would take the signals` }];
  }
  if (['ARG', 'ENV'].includes(keyword) && /(PASSWORD|SECRET|TOKEN)\w*=/i.test(text)) {
    return [{ line, text: `a secret in ${keyword} stays readable in the image` }];
  }
  return [];
}

/** What a COPY takes from the repository is there, and .dockerignore does not leave it out. */
function copyFindings(instruction, context) {
  if (instruction.getKeyword() !== 'COPY') return [];
  if (instruction.getFlags().some((flag) => flag.getName() === 'from')) return [];
  return words(instruction)
    .slice(0, -1)
    .filter((source) => !isInContext(context, source))
    .map((source) => ({
      line: lineOf(instruction),
      text: `COPY ${source}: the repository has no such file, or .dockerignore leaves it out`,
    }));
}

/** The script of a RUN in shell form, including its continuation lines. */
function scriptOf(instruction) {
  if (instruction.getKeyword() !== 'RUN') return [];
  const text = instruction.getRawArgumentsContent() ?? '';
  return text.startsWith('[') ? [] : [{ line: lineOf(instruction), text }];
}

function aptFindings({ line, text }) {
  if (!/apt-get install/.test(text)) return [];
  const wanted = {
    'apt-get update': /apt-get update/,
    '--yes': /apt-get install[^&]*(--yes|-y)\b/,
    '--no-install-recommends': /--no-install-recommends/,
    'rm -rf /var/lib/apt/lists/*': /rm -rf \/var\/lib\/apt\/lists\/\*/,
  };
  return Object.entries(wanted)
    .filter(([, pattern]) => !pattern.test(text))
    .map(([what]) => ({ line, text: `apt-get install without ${what} in the same RUN` }));
}
