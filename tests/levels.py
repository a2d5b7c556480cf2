"""The equations of the model written out once more, in NumPy and in the papers' order, against a solved result.

Nothing of `entrepot.equilibrium` is used: what is checked must not be what checks.
"""

import numpy as np

from entrepot.equilibrium.result import Result


def errors(result: Result) -> dict[str, float]:
    """Return the largest relative error of every equation at a result; axes o d s, c s, c u s."""
    economy, wedges, model = result.economy, result.wedges, result.model
    theta = economy.theta.values
    tariff, iceberg = wedges.tariff.values, wedges.iceberg_hat.values
    made = economy.output.values  # c s
    productivity = wedges.productivity_hat.values
    # What a producer gets of a price at the border, and who gets the rest: export tax on production tax on markup.
    levies = [
        (np.asarray(e), np.asarray(p)[:, None, :], np.asarray(m)[:, None, :])
        for e, p, m in ((economy.export_tax, economy.production_tax, economy.markup),
                        (wedges.export_tax, wedges.production_tax, wedges.markup))
    ]  # fmt: skip
    factor_before, factor_after = ((1 + e) * (1 + p) * (1 + m) for e, p, m in levies)
    export_tax, production_tax, markup = levies[1]
    tied, psi = model.tied(economy), model.scale(economy)

    wage, price = result.wage_hat.values, result.price_hat.values  # c; c s
    output, spent, income = result.output_cf.values, result.expenditure_cf.values, result.income_cf.values
    beta, gamma, alpha = economy.value_added_share.values, economy.input_share.values, economy.final_share.values

    factor = result.factor_price_hat.values  # c s
    inputs = np.ones(made.shape)
    uses = beta < 1
    for c, s in np.argwhere(uses):
        weight = gamma[c, :, s] / (1 - beta[c, s])
        inputs[c, s] = ces(weight, price[c], model.mu)
    bundle = np.array(
        [
            [ces(np.array([b, 1 - b]), np.array([f, m]), model.rho) for b, f, m in zip(*rows, strict=True)]
            for rows in zip(beta, factor, inputs, strict=True)
        ]
    )
    there = (made > 0) & (output > 0)
    scale = np.where(there, output / np.where(there, made, 1) / bundle, 1.0)
    unit = bundle / productivity / scale**psi
    value_added_cf = beta * (factor / bundle) ** (1 - model.rho) * output
    rents = np.where(there & (beta > 0), value_added_cf / np.where(beta * made > 0, beta * made, 1), 1.0)
    moving = ((1 - tied) * beta * made).sum(axis=1) > 0
    mixed = np.where(moving[:, None], wage[:, None], 1.0) ** (1 - tied) * rents**tied

    cost = iceberg * (1 + tariff) / (1 + economy.tariff.values) * factor_after / factor_before
    cost = cost * unit[:, None, :]
    power = np.where(np.isinf(cost), 0.0, economy.trade_share.values * cost**-theta)
    bought = spent > 0
    index = np.where(bought, power.sum(axis=0), 1.0) ** (-1 / theta)
    share = power / np.where(bought, power.sum(axis=0), 1.0)
    trade = share * spent / (1 + tariff)
    input_cf = gamma * (price[:, :, None] / inputs[:, None, :]) ** (1 - model.mu)
    input_cf = input_cf * ((inputs / bundle) ** (1 - model.rho))[:, None, :]
    living = np.array([ces(a, p, model.eta) if a.sum() > 0 else 1.0 for a, p in zip(alpha, price, strict=True)])
    final = alpha * (price / living[:, None]) ** (1 - model.eta)
    value = trade / factor_after
    duty = (tariff * trade).sum(axis=(0, 2))
    profit = (markup * value).sum(axis=(1, 2))
    on_production = (production_tax * (1 + markup) * value).sum(axis=(1, 2))
    on_exports = (export_tax * (1 + production_tax) * (1 + markup) * value).sum(axis=(1, 2))
    taxed = profit + on_production + on_exports
    labour_cf, labour = ((1 - tied) * value_added_cf).sum(axis=1), ((1 - tied) * beta * made).sum(axis=1)

    def off(found: np.ndarray, expected: np.ndarray, size: np.ndarray | float) -> float:
        apart = np.abs(found - expected) / np.where(np.asarray(size) > 0, size, 1.0)
        return float(np.max(apart, initial=0.0))

    exports, imports = trade.sum(axis=(1, 2)), trade.sum(axis=(0, 2))
    return {
        "factor price": off(factor[there], mixed[there], factor[there]),
        "unit cost": off(result.unit_cost_hat.values[there], unit[there], unit[there]),
        "price": off(price[bought], index[bought], index[bought]),
        "trade": off(result.trade_cf.values, trade, np.maximum(spent, 1e-300)),
        "output": off(output, value.sum(axis=1), output),
        "profit": off(result.profit_cf.values, profit, income),
        "production tax": off(result.production_tax_revenue_cf.values, on_production, income),
        "export tax": off(result.export_tax_revenue_cf.values, on_exports, income),
        "spending": off(spent, np.einsum("cus,cs->cu", input_cf, output) + final * income[:, None], spent),
        "labour": off(wage[moving] * labour[moving], labour_cf[moving], labour_cf[moving]),
        "income": off(income, value_added_cf.sum(axis=1) + duty + taxed + result.deficit_cf.values, income),
        "imbalance": off(exports + result.deficit_cf.values, imports, income),
        "consumer price": off(result.consumer_price_hat.values, living, living),
        "numeraire": off(value_added_cf.sum(), economy.value_added.values.sum(), value_added_cf.sum()),
        "world's imbalances": abs(float(result.deficit_cf.sum())) / float(income.sum()),
    }


def ces(weight: np.ndarray, price: np.ndarray, elasticity: float) -> float:
    """Return the CES mean of prices."""
    if abs(elasticity - 1) < 1e-9:
        return float(np.exp(weight @ np.log(price)))
    return float((weight @ price ** (1 - elasticity)) ** (1 / (1 - elasticity)))
