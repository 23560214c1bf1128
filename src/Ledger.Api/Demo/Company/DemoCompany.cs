namespace Ledger.Api.Demo.Company;

internal sealed record Person(Guid Id, string FirstName, string LastName, string Code, string Role, Team Team)
{
    public string Name => $"{FirstName} {LastName}";
    public string Email => $"{FirstName}.{LastName}@demo.example".ToLowerInvariant();
}

internal sealed record Team(Guid Id, string Name, string Code);

internal sealed record Account(Guid Id, string Code, string Name);

internal sealed record Project(Guid Id, string Code, string Name);

/// <param name="Category">Merchant category code (ISO 18245).</param>
internal sealed record Supplier(Guid Id, string Name, string Code, string Category, string Country, string Currency, Account Account, string[] Texts);

internal sealed record Customer(Guid Id, string Name, string Code, string Country, string Currency);

/// <summary>The people, suppliers and accounts of the demo company. All names are invented.</summary>
internal static class DemoCompany
{
    private static readonly DemoRandom Ids = new(0x0D3A_0001);

    public static readonly Account Cards = new(Ids.Uuid(), "2470", "Company cards");
    public static readonly Account Bank = new(Ids.Uuid(), "1920", "Bank");
    public static readonly Account Cash = new(Ids.Uuid(), "1900", "Cash");
    public static readonly Account Payables = new(Ids.Uuid(), "2400", "Accounts payable");
    public static readonly Account Receivables = new(Ids.Uuid(), "1500", "Accounts receivable");
    public static readonly Account Employees = new(Ids.Uuid(), "2910", "Owed to employees");
    public static readonly Account InputTax = new(Ids.Uuid(), "2710", "Input VAT");
    public static readonly Account OutputTax = new(Ids.Uuid(), "2700", "Output VAT");
    public static readonly Account Sales = new(Ids.Uuid(), "3000", "Sales of goods");
    public static readonly Account Charges = new(Ids.Uuid(), "7770", "Bank and card fees");
    public static readonly Account Rewards = new(Ids.Uuid(), "8050", "Card rewards");

    private static readonly Account Travel = new(Ids.Uuid(), "7140", "Travel");
    private static readonly Account Hotels = new(Ids.Uuid(), "7130", "Accommodation");
    private static readonly Account Meals = new(Ids.Uuid(), "7350", "Meals and entertainment");
    private static readonly Account Software = new(Ids.Uuid(), "6550", "Software and subscriptions");
    private static readonly Account Hardware = new(Ids.Uuid(), "6540", "Computers and equipment");
    private static readonly Account Office = new(Ids.Uuid(), "6800", "Office supplies");
    private static readonly Account Advertising = new(Ids.Uuid(), "7320", "Advertising");
    private static readonly Account Freight = new(Ids.Uuid(), "6100", "Freight");
    private static readonly Account Rent = new(Ids.Uuid(), "6300", "Rent");
    private static readonly Account Consulting = new(Ids.Uuid(), "6700", "Consulting");
    public static readonly Account Mileage = new(Ids.Uuid(), "7100", "Mileage allowance");
    public static readonly Account PerDiem = new(Ids.Uuid(), "7150", "Per diem allowance");

    public static readonly IReadOnlyList<Team> Teams =
    [
        new(Ids.Uuid(), "Sales", "100"), new(Ids.Uuid(), "Design", "200"), new(Ids.Uuid(), "Engineering", "300"),
        new(Ids.Uuid(), "Operations", "400"), new(Ids.Uuid(), "Finance", "500"),
    ];

    public static readonly IReadOnlyList<Project> Projects =
    [
        new(Ids.Uuid(), "P-12", "Spring collection"), new(Ids.Uuid(), "P-17", "Osaka warehouse"),
        new(Ids.Uuid(), "P-21", "Web shop"), new(Ids.Uuid(), "P-30", "Trade fair"),
    ];

    public static readonly IReadOnlyList<Person> People =
    [
        Employee("Ada", "Berg", "EMPLOYEE", 0), Employee("Mira", "Okafor", "EMPLOYEE", 0), Employee("Jonas", "Lind", "EMPLOYEE", 0),
        Employee("Chiara", "Moretti", "EMPLOYEE", 1), Employee("Sven", "Haugen", "EMPLOYEE", 1), Employee("Yuki", "Tanaka", "EMPLOYEE", 2),
        Employee("Liam", "Byrne", "EMPLOYEE", 2), Employee("Noor", "Haddad", "EMPLOYEE", 2), Employee("Ewa", "Nowak", "CARD_ADMIN", 3),
        Employee("Tomas", "Vidal", "EMPLOYEE", 3), Employee("Hana", "Kim", "BOOKKEEPER", 4), Employee("Olof", "Strand", "ACCOUNT_ADMIN", 4),
    ];

    public static readonly IReadOnlyList<Supplier> Merchants =
    [
        Merchant("Café Lünâ", "5812", "DE", "EUR", Meals, "Team lunch", "Coffee with a customer", "Dinner after the fair"),
        Merchant("Rail Continental", "4112", "FR", "EUR", Travel, "Train to Lyon", "Train to Milan", "Seat reservation"),
        Merchant("Hotel am Park", "7011", "DE", "EUR", Hotels, "Two nights, trade fair", "One night, customer visit"),
        Merchant("Northwind Air", "4511", "US", "USD", Travel, "Flight BOS-SFO", "Flight JFK-AMS", "Extra luggage"),
        Merchant("Bluebird Cabs", "4121", "US", "USD", Travel, "Taxi to the airport", "Taxi to the customer"),
        Merchant("Cloudberry Hosting", "4816", "US", "USD", Software, "Hosting", "Object storage", "Domain renewal"),
        Merchant("Sketchroom", "5734", "US", "USD", Software, "Design licences", "Two more seats"),
        Merchant("Papier & Söhne", "5943", "DE", "EUR", Office, "Paper and toner", "Notebooks", "Whiteboard"),
        Merchant("Kontor Elektro", "5732", "DE", "EUR", Hardware, "Monitor", "Keyboard and mouse", "Docking station"),
        Merchant("Searchlight Ads", "7311", "IE", "EUR", Advertising, "Search campaign", "Autumn banner"),
        Merchant("大阪文具", "5943", "JP", "JPY", Office, "Stationery", "名刺印刷"),
        Merchant("Shinkansen Desk", "4112", "JP", "JPY", Travel, "Tokyo-Osaka", "Osaka-Tokyo"),
        Merchant("Izakaya Matsu", "5812", "JP", "JPY", Meals, "Dinner with the warehouse", "Lunch"),
    ];

    public static readonly IReadOnlyList<Supplier> Vendors =
    [
        Vendor("Harbor Cloud BV", "NL", "EUR", Software, "June hosting", "Support plan"),
        Vendor("Lager Nord GmbH", "DE", "EUR", Rent, "Warehouse rent", "Cold storage"),
        Vendor("Spedition Weiß", "DE", "EUR", Freight, "Freight, 3 pallets", "Customs handling"),
        Vendor("Atelier O'Neill", "IE", "EUR", Consulting, "Product photography", "Brand workshop"),
        Vendor("Granite Legal LLP", "US", "USD", Consulting, "Contract review", "Trade mark filing"),
        Vendor("Pacific Freight Co.", "US", "USD", Freight, "Container, 20 ft", "Drayage"),
        Vendor("Prairie Office Rentals", "US", "USD", Rent, "Office rent", "Meeting room"),
        Vendor("関西倉庫株式会社", "JP", "JPY", Rent, "Warehouse Osaka", "Handling"),
        Vendor("Nihon Cargo KK", "JP", "JPY", Freight, "Air freight", "Local delivery"),
    ];

    public static readonly IReadOnlyList<Customer> Customers =
    [
        Buyer("Leker & Mer", "NO", "EUR"), Buyer("Boutique Aurore", "FR", "EUR"), Buyer("Kindertraum KG", "DE", "EUR"), Buyer("De Houten Trein", "NL", "EUR"),
        Buyer("Maple Street Toys", "US", "USD"), Buyer("Lone Star Kids", "US", "USD"), Buyer("木のおもちゃ店", "JP", "JPY"), Buyer("Hoshi Department Store", "JP", "JPY"),
    ];

    private static Person Employee(string first, string last, string role, int team) =>
        new(Ids.Uuid(), first, last, $"E-{Ids.Between(100, 1000)}", role, Teams[team]);

    private static Supplier Merchant(string name, string category, string country, string currency, Account account, params string[] texts) =>
        new(Ids.Uuid(), name, $"M{Ids.Between(1000, 10000)}", category, country, currency, account, texts);

    private static Supplier Vendor(string name, string country, string currency, Account account, params string[] texts) =>
        new(Ids.Uuid(), name, $"7{Ids.Between(1000, 10000)}", "", country, currency, account, texts);

    private static Customer Buyer(string name, string country, string currency) => new(Ids.Uuid(), name, $"1{Ids.Between(1000, 10000)}", country, currency);
}
