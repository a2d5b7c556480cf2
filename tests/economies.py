"""Economies to test with: random ones that obey every identity, and the smallest one that can be read at a glance."""

import numpy as np
import xarray as xr

from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock

FLOW = ("origin", "destination", "sector")


def codes(countries: int, sectors: int) -> tuple[list[str], list[str]]:
    return [f"C{i}" for i in range(countries)], [f"s{i}" for i in range(sectors)]


def random_dataset(
    seed: int, countries: int = 4, sectors: int = 3, zeros: float = 0.2, inputs: bool = True, tariffs: bool = True
) -> xr.Dataset:
    """Return accounts with heavy-tailed trade, missing flows, duties and input links; final demand is positive.

    Every country sells something abroad and buys something there: one that did not could have no balanced trade, and
    what a law says of an equilibrium would be asked where there is none.
    """
    draw = np.random.default_rng(seed)
    names, goods = codes(countries, sectors)
    trade = draw.lognormal(0, 1.5, (countries, countries, sectors))
    missing = draw.random(trade.shape) < zeros
    _keep_one_flow(missing)
    _keep_one_flow(missing.swapaxes(0, 1))
    trade[missing] = 0.0
    own = np.arange(countries)
    _narrow_imbalances(trade)
    trade[own, own] = draw.lognormal(3, 0.7, (countries, sectors))  # home sales are the larger part, as in the world
    tariff = draw.uniform(0, 0.4, trade.shape) * (draw.random(trade.shape) < 0.7) * tariffs
    tariff[own, own] = 0.0
    recipe = draw.dirichlet(np.ones(sectors + 1), (countries, sectors))  # c s (u, value added)
    input_share = np.moveaxis(recipe[:, :, :-1], 1, 2) * inputs
    output, spent = trade.sum(axis=1), (trade * (1 + tariff)).sum(axis=0)
    used = np.einsum("cus,cs->cu", input_share, output)
    input_share *= np.minimum(1, 0.8 * spent / np.maximum(used, 1e-300))[:, :, None]
    return dataset(trade, tariff, input_share, theta=draw.uniform(1.5, 9, sectors), names=names, goods=goods)


def _keep_one_flow(missing: np.ndarray) -> None:
    """Where a country would send nothing abroad, let it send the first good to the next country."""
    for country in range(len(missing)):
        abroad = np.arange(len(missing)) != country
        if missing[country, abroad].all() and abroad.any():
            missing[country, (country + 1) % len(missing), 0] = False


def _narrow_imbalances(trade: np.ndarray) -> None:
    """Move exports towards imports: a surplus larger than income, fixed, would leave a country nothing to live on."""
    own = np.arange(len(trade))
    trade[own, own] = 0.0
    for _ in range(3):
        exports, imports = trade.sum(axis=(1, 2)), trade.sum(axis=(0, 2))
        trade *= np.sqrt(imports / np.maximum(exports, 1e-300))[:, None, None]


def dataset(
    trade: np.ndarray,
    tariff: np.ndarray,
    input_share: np.ndarray,
    theta: np.ndarray,
    names: list[str],
    goods: list[str],
) -> xr.Dataset:
    return xr.Dataset(
        {
            "trade": (FLOW, trade),
            "tariff": (FLOW, tariff),
            "input_share": (("country", "input", "sector"), input_share),
            "value_added_share": (("country", "sector"), 1 - input_share.sum(axis=1)),
            "theta": (("sector",), theta),
        },
        coords={"origin": names, "destination": names, "country": names, "sector": goods, "input": goods},
    )


def levied_economy(seed: int, **options: object) -> Economy:
    """Return a random economy with markups, production taxes and export taxes in its base year."""
    made, draw = random_dataset(seed, **options), np.random.default_rng(seed)  # type: ignore[arg-type]
    places, flows = made["value_added_share"].shape, made["trade"].shape
    abroad = ~np.eye(flows[0], dtype=bool)[:, :, None]
    made["markup"] = (("country", "sector"), draw.uniform(0, 0.3, places))
    made["production_tax"] = (("country", "sector"), draw.uniform(-0.1, 0.15, places))
    made["export_tax"] = (FLOW, draw.uniform(-0.05, 0.1, flows) * abroad)
    made["input_share"] *= 0.6  # subsidies raise output at producers' prices; final demand stays positive
    made["value_added_share"] = 1 - made["input_share"].sum("input")
    return Economy.from_dataset(made, name=f"levied {seed}")


def random_economy(seed: int, **options: object) -> Economy:
    return Economy.from_dataset(random_dataset(seed, **options), name=f"random {seed}")  # type: ignore[arg-type]


def random_shock(economy: Economy, seed: int, largest: float = 0.5) -> Shock:
    """Return new duties and trade costs on most borders."""
    draw = np.random.default_rng(seed + 1)
    abroad = ~np.eye(len(economy.countries), dtype=bool)[:, :, None]
    tariff = economy.tariff + xr.zeros_like(economy.tariff) + draw.uniform(-0.1, largest, economy.trade.shape) * abroad
    iceberg = xr.ones_like(economy.tariff) + draw.uniform(-0.3, largest, economy.trade.shape) * abroad
    return Shock(tariff=tariff, iceberg_hat=iceberg)


def iceberg(economy: Economy, hat: np.ndarray | float) -> xr.DataArray:
    """Return an iceberg change on the economy's labels."""
    return xr.ones_like(economy.tariff) * hat


def borders(economy: Economy) -> np.ndarray:
    """Return the cross-border cells [origin, destination, 1]."""
    return ~np.eye(len(economy.countries), dtype=bool)[:, :, None]


def hard_economy(seed: int, countries: int, sectors: int, inputs: bool = True) -> Economy:
    """Return an economy with heavy-tailed shares, 30 % missing flows, and countries from nearly closed to wide open."""
    draw = np.random.default_rng(seed)
    names, goods = codes(countries, sectors)
    trade = draw.lognormal(0, 2.5, (countries, countries, sectors))
    trade[draw.random(trade.shape) < 0.3] = 0.0
    own = np.arange(countries)
    _narrow_imbalances(trade)
    size = np.maximum(trade.sum(axis=(0, 2)) + trade.sum(axis=(1, 2)), 1e-3)
    trade[own, own] = size[:, None] * draw.lognormal(0, 1, (countries, sectors)) / sectors * draw.choice([0.3, 1, 5])
    tariff = draw.uniform(0, 0.4, trade.shape) * (draw.random(trade.shape) < 0.7)
    tariff[own, own] = 0.0
    recipe = draw.dirichlet(np.ones(sectors + 1), (countries, sectors))
    input_share = np.moveaxis(recipe[:, :, :-1], 1, 2) * inputs
    used = np.einsum("cus,cs->cu", input_share, trade.sum(axis=1))
    spent = (trade * (1 + tariff)).sum(axis=0)
    input_share *= np.minimum(1, 0.8 * spent / np.maximum(used, 1e-300))[:, :, None]
    theta = draw.uniform(1.5, 10, sectors)
    return Economy.from_dataset(dataset(trade, tariff, input_share, theta, names, goods), name=f"hard {seed}")


def full_shock(economy: Economy, seed: int, size: float = 0.1) -> Shock:
    """Return a change in every instrument at once."""
    draw = np.random.default_rng(seed)
    most = random_shock(economy, seed, 3 * size)
    abroad = borders(economy)
    countries, sectors = list(economy.countries), list(economy.sectors)
    productivity = np.exp(draw.normal(0, size, (len(countries), len(sectors))))
    transfer = draw.normal(0, 0.2 * size, len(countries)) * float(economy.income.mean())
    on_production = draw.uniform(-0.5 * size, size, productivity.shape)
    on_markups = draw.uniform(0, 0.5 * size, productivity.shape)
    return Shock(
        tariff=most.tariff,
        iceberg_hat=most.iceberg_hat,
        export_tax=economy.export_tax + draw.uniform(-size, 2 * size, economy.trade.shape) * abroad,
        productivity_hat=economy.labelled(productivity, ("country", "sector"), "productivity_hat"),
        transfer=economy.labelled(transfer - transfer.mean(), ("country",), "transfer"),
        production_tax=economy.production_tax + on_production,
        markup=economy.markup + on_markups,
    )
