// Decimals as whole numbers of units: no digit passes through a binary float.
function decimal(written) {
  if (written === null || written === undefined) return null;
  const found = String(written).match(/^(-?)(\d+)(?:\.(\d+))?$/);
  if (!found) throw new Error(`${written} is not a decimal`);
  const [, sign, whole, fraction = ""] = found;
  const units = BigInt(whole + fraction);
  return { units: sign ? -units : units, places: fraction.length };
}

function unitsAt(value, places) {
  return value.units * 10n ** BigInt(places - value.places);
}

function compare(one, other) {
  const places = Math.max(one.places, other.places);
  const [left, right] = [unitsAt(one, places), unitsAt(other, places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

// null where any of them is undetermined.
function sum(values) {
  if (values.some((value) => value === null)) return null;
  const places = Math.max(0, ...values.map((value) => value.places));
  return { units: values.reduce((all, value) => all + unitsAt(value, places), 0n), places };
}

function times(one, other) {
  return { units: one.units * other.units, places: one.places + other.places };
}

// 100 * won / possible, rounded half up; of figures that are not negative.
function outOf100(won, possible, places) {
  const scale = Math.max(won.places, possible.places);
  const above = unitsAt(won, scale) * 100n * 10n ** BigInt(places);
  const below = unitsAt(possible, scale);
  return { units: (2n * above + below) / (2n * below), places };
}

function equal(one, other) {
  if (one === null || other === null) return one === other;
  return compare(one, other) === 0;
}

// What does not add up, as sentences' beginnings: [place, recorded].
function sumProblems(standing, rulebook) {
  const problems = [];
  const places = rulebook.rounding.component_places;
  for (const team of standing.teams) {
    const points = new Map();
    for (const category of team.categories) {
      for (const part of category.components) {
        const won = decimal(part.points);
        points.set(part.component, won);
        if (won === null) continue;
        const rule = ruleOf(rulebook, category.category, part.component);
        const most = rule && times(decimal(rule.points), decimal(rule.cap ?? "1"));
        const isRounded = won.places <= places;
        if (!isRounded || !most || won.units < 0n || compare(won, most) > 0) {
          problems.push(`${team.team}/${part.component}: ${part.points}`);
        }
      }
      const own = category.components.map((part) => points.get(part.component));
      if (!equal(sum(own), decimal(category.points))) {
        problems.push(`${team.team}/${category.category}: ${category.points}`);
      }
    }
    const all = team.categories.map((category) => decimal(category.points));
    if (!equal(sum(all), decimal(team.total))) {
      problems.push(`${team.team}: ${team.total}`);
    }
    problems.push(...indexProblems(team, points, rulebook, places));
  }
  return problems;
}

function ruleOf(rulebook, category, component) {
  const found = rulebook.categories.find((each) => each.id === category);
  return found && found.components.find((each) => each.id === component);
}

function indexProblems(team, points, rulebook, places) {
  const worth = new Map(
    rulebook.categories.flatMap((each) => each.components).map((each) => [each.id, each.points]),
  );
  const problems = [];
  for (const index of team.indices) {
    const rule = rulebook.indices.find((each) => each.id === index.index);
    const won = rule && sum(rule.parts.map((part) => {
      const own = points.get(part.component) ?? null;
      return own === null ? null : times(own, decimal(part.share));
    }));
    const possible = rule && sum(
      rule.parts.map((part) => times(decimal(worth.get(part.component)), decimal(part.share))),
    );
    const derived = won ? outOf100(won, possible, places) : null;
    if (!equal(derived, decimal(index.value))) {
      problems.push(`${team.team}/${index.index}: ${index.value}`);
    }
  }
  return problems;
}

// Equal totals share the better rank; nobody has one while a total is unknown.
function rankProblems(standing) {
  const totals = standing.teams.map((team) => decimal(team.total));
  const allKnown = totals.every((total) => total !== null);
  const problems = [];
  standing.teams.forEach((team, at) => {
    const ahead = allKnown
      ? totals.filter((other) => compare(other, totals[at]) > 0).length
      : 0;
    const rank = allKnown ? ahead + 1 : null;
    if (team.rank !== rank) problems.push(`${team.team}: ${team.rank} (${rank})`);
  });
  return problems;
}
